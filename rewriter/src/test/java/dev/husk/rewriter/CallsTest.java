package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls and field reads, run after rewriting. */
final class CallsTest {

  private static final String TARGET = "Lapp/Target;";
  private static final Seam TWICE =
      Seams.call("app/Target.twice", "app/Served.twice", "(I)I", "APP");
  private static final Seam CURRENT =
      Seams.call("app/Target.current", "app/Served.current", "()" + TARGET, "APP");
  private static final Seam PLUS =
      Seams.call("app/Target.plus", "app/Served.plus", "(" + TARGET + "IJ)J", "APP");
  private static final Seam GO =
      Seams.call("app/Target.go", "app/Served.goOfTarget", "(" + TARGET + "I)I", "APP");

  @Test
  void aStaticCallBecomesACallOfTheSeam() throws Exception {
    Rewriting app = new Rewriting(TWICE);
    assertEquals(-8, app.call("app.Calls", "staticCall"));
    assertTrue(app.rewritten.contains("app/Calls.staticCall: app.Target.twice"));
    assertEquals(List.of(), app.left);
  }

  @Test
  void aVirtualCallPassesItsReceiverFirst() throws Exception {
    assertEquals(-39L, new Rewriting(PLUS).call("app.Calls", "virtualCall"));
  }

  @Test
  void anInterfaceCallPassesItsReceiverFirst() throws Exception {
    Seam go = Seams.call("app/Doer.go", "app/Served.go", "(Lapp/Doer;I)I", "APP");
    Rewriting app = new Rewriting(go);
    assertEquals(-24, app.call("app.Calls", "interfaceCall"));
    assertEquals(List.of("app/Calls.interfaceCall: app.Doer.go"), app.rewritten);
  }

  @Test
  void callsOfDefaultAndStaticInterfaceMethodsAreSites() throws Exception {
    Rewriting app =
        new Rewriting(
            Seams.call("app/Doer.goTwice", "app/Served.goTwice", "(Lapp/Doer;I)I", "APP"),
            Seams.call("app/Doer.start", "app/Served.start", "()I", "APP"));
    assertEquals(-12, app.call("app.Calls", "defaultMethodCall"));
    assertEquals(-5, app.call("app.Calls", "staticInterfaceCall"));
  }

  @Test
  void sitesInInterfacesAreRewritten() throws Exception {
    Rewriting app =
        new Rewriting(TWICE, Seams.call("app/Doer.start", "app/Served.start", "()I", "APP"));
    assertEquals(-12 - 5 - 14, app.call("app.AppDoer", "all"));
    assertEquals(3, app.rewritten.size());
  }

  @Test
  void aSuperCallIsASite() throws Exception {
    Rewriting app = new Rewriting(GO);
    assertEquals(-102, app.call("app.Calls", "superCall"));
  }

  @Test
  void fieldReadsBecomeCalls() throws Exception {
    Rewriting app =
        new Rewriting(
            Seams.read("app/Target.name", "app/Served.name", "()Ljava/lang/String;", "APP"),
            Seams.read("app/Target.value", "app/Served.value", "(" + TARGET + ")I", "APP"));
    assertEquals("served", app.call("app.Calls", "staticRead"));
    assertEquals(-7, app.call("app.Calls", "read"));
  }

  @Test
  void writesOfAFieldStay() throws Exception {
    Rewriting classes =
        new Rewriting(
            Seams.read("app/Target.name", "app/Served.name", "()Ljava/lang/String;", "APP"));
    assertEquals("served", classes.call("app.Calls", "write"));
    // It wrote back what it had read.
    assertEquals("served", app.Target.name);
    app.Target.name = "target";
  }

  @Test
  void lambdaBodiesAreRewrittenWithTheirClass() throws Exception {
    assertEquals("-2", new Rewriting(TWICE).call("app.Calls", "inALambda"));
  }

  @Test
  void anInheritedStaticIsFoundThroughTheSubclassThatCallsIt() throws Exception {
    assertEquals("Target-3", new Rewriting(CURRENT).call("app.Sub", "self"));
    assertEquals(-10, new Rewriting(TWICE).call("app.SubSub", "ownTwice"));
  }

  @Test
  void anInheritedInstanceMethodIsFoundThroughTheSubclassThatCallsIt() throws Exception {
    assertEquals(-3L, new Rewriting(PLUS).call("app.Sub", "inheritedInstanceCall"));
  }

  @Test
  void aMemberThatHidesTheTargetIsNoSite() throws Exception {
    Rewriting app = new Rewriting(CURRENT);
    assertEquals("Target77", app.call("app.SubSub", "ofItsOwn"));
    assertFalse(app.rewritten.contains("app/SubSub.ofItsOwn: app.Target.current"));
    assertEquals(List.of(), app.left);
  }

  @Test
  void anOverriddenMethodOfTheSubclassIsNoSite() throws Exception {
    // Calls.superCall calls Sub.go, which Sub declares.
    Rewriting app = new Rewriting(GO);
    app.rewrite("app/Calls");
    assertEquals(List.of(), app.rewritten);
  }

  @Test
  void aSiteWhoseSuperclassesAreUnknownIsReportedAndStays() {
    Rewriting log = new Rewriting();
    Rewriter rewriter = new Rewriter(SeamTable.of(List.of(TWICE)));
    byte[] file = Rewriting.read("app/SubSub");
    assertNull(rewriter.rewrite("app/SubSub", false, file, log));
    assertEquals(1, log.left.size());
    assertTrue(log.left.get(0).contains("unknown"), log.left.get(0));
  }

  @Test
  void theNarrowestScopeWins() throws Exception {
    Seam narrow =
        Seams.call(
            "app/Target.twice", "app/Served.twiceInOneMethod", "(I)I", "app.Calls#staticCall");
    for (Seam[] order : new Seam[][] {{TWICE, narrow}, {narrow, TWICE}}) {
      Rewriting app = new Rewriting(order);
      assertEquals(-12, app.call("app.Calls", "staticCall"));
      assertEquals(-8, app.call("app.Calls", "otherStaticCall"));
    }
  }

  @Test
  void aMethodScopeTouchesNoOtherMethod() throws Exception {
    Rewriting app =
        new Rewriting(
            Seams.call("app/Target.twice", "app/Served.twice", "(I)I", "app.Calls#staticCall"));
    assertEquals(-8, app.call("app.Calls", "staticCall"));
    assertEquals(8, app.call("app.Calls", "otherStaticCall"));
  }

  @Test
  void whatIsExceptedStays() throws Exception {
    Rewriting app = new Rewriting(Seams.except(TWICE, "app.Calls#otherStaticCall"));
    assertEquals(-8, app.call("app.Calls", "staticCall"));
    assertEquals(8, app.call("app.Calls", "otherStaticCall"));
    for (String whole : List.of("app.Calls", "app.**", "APP")) {
      assertNull(new Rewriting(Seams.except(TWICE, whole)).rewrite("app/Calls"));
    }
  }

  @Test
  void aClassInAPackageScopeIsRewrittenAndItsNeighbourIsNot() {
    Seam seam = Seams.call("app/Target.twice", "app/Served.twice", "(I)I", "app.**");
    assertTrue(new Rewriting(seam).rewrite("app/Calls") != null);
    assertNull(new Rewriting(seam).rewrite("apple/Calls", Rewriting.read("app/Calls")));
  }

  @Test
  void aDescriptorLetsTheSeamTakeTheReceiverAsAnObject() throws Exception {
    Seam seam =
        Seams.seam(
            Seam.Shape.CALL,
            "app/Target.plus",
            "(IJ)J",
            "app/Served.plusOfAnything",
            "(Ljava/lang/Object;IJ)J",
            "APP");
    assertEquals(-7L, new Rewriting(seam).call("app.Calls", "virtualCall"));
  }

  @Test
  void aClassOfJavaBaseIsNoApp() {
    Rewriter rewriter = new Rewriter(SeamTable.of(List.of(TWICE)));
    byte[] file = Rewriting.read("app/Calls");
    assertNull(rewriter.rewrite("app/Calls", true, file, SiteListener.NONE));
  }

  @Test
  void huskAndTheSeamsThemselvesStay() {
    byte[] file = Rewriting.read("app/Calls");
    Rewriting app = new Rewriting(TWICE);
    assertNull(app.rewrite("dev/husk/scheduler/Carrier", file));
    assertNull(app.rewrite("app/Served", file));
    assertTrue(app.rewrite("dev/husk/examples/Demo", file) != null);
  }

  @Test
  void aClassWithoutANameIsTakenByTheNameInItsFile() {
    assertTrue(new Rewriting(TWICE).rewrite(null, Rewriting.read("app/Calls")) != null);
  }

  @Test
  void rewritingTwiceChangesNothingMore() {
    Rewriting app = new Rewriting(TWICE, CURRENT, PLUS, GO);
    byte[] once = app.rewrite("app/Calls");
    assertNull(app.rewrite("app/Calls", once));
  }

  @Test
  void theSameClassGivesTheSameBytesOnEveryThread() throws Exception {
    byte[] expected = new Rewriting(TWICE, PLUS, GO).rewrite("app/Calls");
    Rewriter shared = new Rewriter(SeamTable.of(List.of(TWICE, PLUS, GO)));
    byte[] file = Rewriting.read("app/Calls");
    byte[] before = file.clone();
    List<Throwable> wrong = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 500; i++) {
                    Supers supers = Rewriting.CLASS_PATH;
                    assertArrayEquals(
                        expected,
                        shared.rewrite("app/Calls", false, file, supers, SiteListener.NONE));
                  }
                } catch (Throwable e) {
                  wrong.add(e);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), wrong);
    assertArrayEquals(before, file);
  }
}

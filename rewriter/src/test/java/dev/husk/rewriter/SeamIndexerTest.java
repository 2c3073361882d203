package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.ACC_PRIVATE;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Annotated class files in, index or complaints out. */
final class SeamIndexerTest {

  @TempDir Path directory;

  private int classes;

  /** Writes a class of seams. */
  private final class Source {
    final ClassWriter cw = new ClassWriter(0);
    final String name = "app/Seams" + classes++;

    Source(int access) {
      cw.visit(Opcodes.V25, access, name, null, "java/lang/Object", null);
    }

    Source() {
      this(ACC_PUBLIC);
    }

    Source seam(int access, String method, String descriptor, Object... values) throws IOException {
      MethodVisitor mv =
          cw.visitMethod(access | Opcodes.ACC_NATIVE, method, descriptor, null, null);
      AnnotationVisitor av = mv.visitAnnotation("Ldev/husk/runtime/seam/Replaces;", false);
      for (int i = 0; i < values.length; i += 2) {
        String key = (String) values[i];
        if (key.equals("group")) {
          av.visitEnum(key, "Ldev/husk/runtime/seam/Group;", (String) values[i + 1]);
        } else if (values[i + 1] instanceof List<?> list) {
          AnnotationVisitor array = av.visitArray(key);
          for (Object element : list) {
            array.visit(null, element);
          }
          array.visitEnd();
        } else {
          av.visit(key, values[i + 1]);
        }
      }
      av.visitEnd();
      mv.visitEnd();
      Files.createDirectories(directory.resolve("app"));
      Files.write(directory.resolve(name + ".class"), cw.toByteArray());
      return this;
    }

    Source good(String method, String descriptor, Object... values) throws IOException {
      Object[] all = new Object[values.length + 2];
      all[0] = "group";
      all[1] = "THREADS";
      System.arraycopy(values, 0, all, 2, values.length);
      return seam(ACC_PUBLIC | ACC_STATIC, method, descriptor, all);
    }
  }

  private static final List<String> APP = List.of("APP");

  private SeamTable index() throws IOException {
    return SeamIndexer.index(List.of(directory));
  }

  private void complains(String about) {
    SeamIndexer.InvalidSeamsException e =
        assertThrows(SeamIndexer.InvalidSeamsException.class, this::index);
    assertEquals(1, e.errors().size(), e.getMessage());
    assertTrue(e.errors().get(0).contains(about), e.getMessage());
    assertTrue(e.errors().get(0).contains("app.Seams"), e.getMessage());
  }

  private void writeEachShape() throws IOException {
    new Source()
        .good(
            "b", "(Ljava/lang/Thread;J)V", "type", "java.lang.Thread", "method", "join", "in", APP)
        .good(
            "a",
            "()Ljava/lang/Object;",
            "type",
            "a.b$C",
            "field",
            "F",
            "in",
            List.of("x.y.**", "a.B#m"),
            "except",
            List.of("x.y.Z"),
            "optional",
            true)
        .good(
            "c",
            "(I)Ljava/lang/Object;",
            "type",
            "java.lang.Object",
            "construct",
            true,
            "descriptor",
            "(I)V",
            "in",
            APP);
  }

  @Test
  void eachShapeIsIndexed() throws IOException {
    writeEachShape();
    assertEquals(
        """
        husk-seams 1
        threads\toptional\tread\ta/b$C\tF\t\tapp/Seams0\ta\t()Ljava/lang/Object;\ta.B#m,x.y.**\tx.y.Z
        threads\trequired\tnew\tjava/lang/Object\t<init>\t(I)V\tapp/Seams0\tc\t(I)Ljava/lang/Object;\tAPP\t
        threads\trequired\tcall\tjava/lang/Thread\tjoin\t\tapp/Seams0\tb\t(Ljava/lang/Thread;J)V\tAPP\t
        """,
        index().toIndex());
  }

  @Test
  void anIndexReadsBackAsItself() throws IOException {
    writeEachShape();
    SeamTable table = index().withVerified("a JDK", "threads", Set.of("a/B"));
    SeamTable back =
        SeamTable.parse(new ByteArrayInputStream(table.toIndex().getBytes(StandardCharsets.UTF_8)));
    assertEquals(table.seams(), back.seams());
    assertEquals(table.toIndex(), back.toIndex());
    assertTrue(back.isVerified("a JDK", "threads"));
    assertTrue(!back.isVerified("another JDK", "threads"));
    assertEquals(Set.of("threads"), back.groups());
    assertEquals(List.of(), back.only(Set.of("sockets")).seams());
    assertEquals(List.of("a/B"), back.namedClasses());
  }

  @Test
  void whatIsNoIndexIsRefused() {
    for (String text : List.of("", "husk-seams 2\n", "husk-seams 1\nx\ty\n", "husk-seams 1\nx")) {
      assertThrows(
          IOException.class,
          () -> SeamTable.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))),
          text);
    }
  }

  @Test
  void indexesAreMerged() throws IOException {
    new Source().good("a", "()V", "type", "a.A", "method", "m", "in", APP);
    Path first = Files.createTempFile(directory, "first", ".idx");
    Files.writeString(first, index().toIndex());
    Files.delete(directory.resolve("app/Seams0.class"));
    new Source().good("a", "()V", "type", "a.B", "method", "m", "in", APP);
    assertEquals(2, SeamIndexer.index(List.of(first, directory)).seams().size());
    assertEquals(
        SeamIndexer.index(List.of(first, directory)).toIndex(),
        SeamIndexer.index(List.of(directory, first)).toIndex());
  }

  @Test
  void oneKindOfMemberMustBeGiven() throws IOException {
    new Source().good("a", "()V", "type", "a.A", "in", APP);
    complains("exactly one of method, field and construct, not 0");
  }

  @Test
  void twoKindsOfMembersAreTooMany() throws IOException {
    new Source().good("a", "()I", "type", "a.A", "method", "m", "field", "f", "in", APP);
    complains("not 2");
  }

  @Test
  void aSeamMustBePublicAndStatic() throws IOException {
    new Source()
        .seam(ACC_PUBLIC, "a", "()V", "group", "THREADS", "type", "a.A", "method", "m", "in", APP);
    complains("isn't public static");
  }

  @Test
  void aPrivateSeamIsRefused() throws IOException {
    int access = ACC_PRIVATE | ACC_STATIC;
    new Source()
        .seam(access, "a", "()V", "group", "THREADS", "type", "a.A", "method", "m", "in", APP);
    complains("isn't public static");
  }

  @Test
  void theClassOfASeamMustBePublic() throws IOException {
    new Source(0).good("a", "()V", "type", "a.A", "method", "m", "in", APP);
    complains("its class isn't public");
  }

  @Test
  void aTypeIsADottedName() throws IOException {
    new Source().good("a", "()V", "type", "a/A", "method", "m", "in", APP);
    complains("no class name");
  }

  @Test
  void aConstructorIsNoMethod() throws IOException {
    new Source().good("a", "()V", "type", "a.A", "method", "<init>", "in", APP);
    complains("construct = true");
  }

  @Test
  void aScopeMustBeGivenAndBeReadable() throws IOException {
    new Source().good("a", "()V", "type", "a.A", "method", "m", "in", List.of("a.b.*"));
    complains("'a.b.*' is none of");
  }

  @Test
  void anEmptyScopeIsRefused() throws IOException {
    new Source().good("a", "()V", "type", "a.A", "method", "m", "in", List.of());
    complains("'in' is empty");
  }

  @Test
  void aFactoryReturnsWhatItConstructs() throws IOException {
    new Source().good("a", "()La/B;", "type", "a.A", "construct", true, "in", APP);
    complains("returns something else");
  }

  @Test
  void aFieldSeamTakesItsObjectOrNothing() throws IOException {
    new Source().good("a", "(La/B;)I", "type", "a.A", "field", "f", "in", APP);
    complains("stands for a field");
  }

  @Test
  void aGivenDescriptorMustFitTheSeam() throws IOException {
    new Source()
        .good("a", "(La/A;I)V", "type", "a.A", "method", "m", "descriptor", "(J)V", "in", APP);
    complains("can't stand for");
  }

  @Test
  void aGivenDescriptorMustBeOne() throws IOException {
    new Source()
        .good("a", "(La/A;I)V", "type", "a.A", "method", "m", "descriptor", "(Lx)V", "in", APP);
    complains("no descriptor");
  }

  @Test
  void twoSeamsForOneTargetInOnePlaceAreRefused() throws IOException {
    new Source()
        .good("a", "()V", "type", "a.A", "method", "m", "in", APP)
        .good("b", "()V", "type", "a.A", "method", "m", "in", List.of("a.B", "APP"));
    complains("both replace a.A.m in APP");
  }

  @Test
  void seamsForOverloadsStandSideBySide() throws IOException {
    new Source()
        .good("a", "()V", "type", "a.A", "method", "m", "in", APP)
        .good("a", "(I)V", "type", "a.A", "method", "m", "in", APP)
        .good("b", "()V", "type", "a.A", "method", "m", "in", List.of("a.B"));
    assertEquals(3, index().seams().size());
  }

  @Test
  void theCommandLineWritesTheIndexAndSaysWhatDoesNotFitTheJdk() throws IOException {
    new Source()
        .good(
            "a",
            "()Ljava/lang/Thread;",
            "type",
            "java.lang.Thread",
            "method",
            "currentThread",
            "in",
            List.of("java.lang.Thread#<init>"))
        .seam(
            ACC_PUBLIC | ACC_STATIC,
            "b",
            "()V",
            "group",
            "SOCKETS",
            "type",
            "java.lang.Thread",
            "method",
            "yield",
            "in",
            List.of("java.lang.Thread#join"));
    Path out = directory.resolve("deep/seams.idx");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    String[] args = {"--verify", out.toString(), directory.toString()};
    assertEquals(0, SeamIndexer.run(args, stream));
    SeamTable table = SeamTable.parse(Files.newInputStream(out));
    assertTrue(table.isVerified(SeamTable.runningJdk(), "threads"));
    assertTrue(!table.isVerified(SeamTable.runningJdk(), "sockets"));
    byte[] pack = Files.readAllBytes(out.resolveSibling("threads.seams"));
    SeamTable packed = SeamPack.read(pack, SeamTable.runningJdk());
    assertEquals(table.only(Set.of("threads")).namedClasses(), packed.namedClasses());
    assertTrue(packed.mayTouch("java/lang/Thread", true));
    assertTrue(!packed.mayTouch("java/lang/ThreadGroup", true));
    assertNull(SeamPack.read(pack, "another JDK"));
    assertTrue(
        err.toString(StandardCharsets.UTF_8).contains("java.lang.Thread#join has no site of"),
        err.toString(StandardCharsets.UTF_8));
    assertEquals(2, SeamIndexer.run(new String[] {"x"}, stream));
  }

  @Test
  void theCommandLineFailsOnMistakesAndWritesNothing() throws IOException {
    new Source().good("a", "()V", "type", "a.A", "in", APP);
    Path out = directory.resolve("seams.idx");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] args = {out.toString(), directory.toString()};
    assertEquals(1, SeamIndexer.run(args, new PrintStream(err, true, StandardCharsets.UTF_8)));
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("seam: app.Seams0.a: "));
    assertTrue(!Files.exists(out));
  }
}

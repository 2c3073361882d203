package dev.husk.image.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.husk.rewriter.Linked;
import dev.husk.rewriter.Rewriter;
import dev.husk.rewriter.Seam;
import dev.husk.rewriter.SeamTable;
import dev.husk.rewriter.SiteListener;
import dev.husk.rewriter.Supers;
import dev.husk.runtime.seam.Switches;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A class of every kind of site does what it did until the switch is set, and then what the seams
 * do.
 */
final class GateWriterTest {
  private static final String HERE = "dev/husk/image/link/GateWriterTest$";
  private static final String SITES = HERE + "Sites";
  private static final String TARGET = HERE + "Target";
  private static final String SEAMS = HERE + "Seams";
  private static final String T = "L" + TARGET + ";";

  private static final List<Seam> TABLE = table("threads");

  private static List<Seam> table(String group) {
    return List.of(
        seam(group, Seam.Shape.CALL, TARGET, "twice", "(IJ)J", "twice"),
        seam(group, Seam.Shape.CALL, TARGET, "plus", "(" + T + "ID)D", "plus"),
        seam(group, Seam.Shape.CALL, HERE + "Doer", "go", "(L" + HERE + "Doer;)I", "go"),
        seam(
            group,
            Seam.Shape.CALL,
            HERE + "Base",
            "name",
            "(L" + HERE + "Base;)Ljava/lang/String;",
            "name"),
        seam(group, Seam.Shape.READ, TARGET, "count", "(" + T + ")I", "count"),
        seam(group, Seam.Shape.READ, TARGET, "total", "()J", "total"),
        seam(group, Seam.Shape.CALL, TARGET, "nothing", "()V", "nothing"),
        seam(group, Seam.Shape.NEW, TARGET, "<init>", "(JI)" + T, "target"),
        seam(group, Seam.Shape.CALL, TARGET, "square", "(I)I", "square"));
  }

  @AfterEach
  void off() {
    Switches.threads = false;
  }

  @Test
  void aSiteDoesWhatItDidUntilTheSwitchIsSetAndThenWhatTheSeamDoes() throws Exception {
    Class<?> linked = new Loader(TABLE).loadClass(SITES.replace('/', '.'));
    assertEquals(run(Sites.class), run(linked));
    Switches.threads = true;
    assertEquals(
        Map.of(
            "staticCall",
            -1L,
            "virtualCall",
            -2.0,
            "interfaceCall",
            -3,
            "superCall",
            "seam",
            "fieldRead",
            -4,
            "staticRead",
            -5L,
            "voidCall",
            7,
            "construction",
            51L,
            "handle",
            -6),
        run(linked));
  }

  @Test
  void aGateOfToolsHasNoSwitch() throws Exception {
    Class<?> linked = new Loader(table("tools")).loadClass(SITES.replace('/', '.'));
    assertEquals(-1L, run(linked).get("staticCall"));
    assertEquals(51L, run(linked).get("construction"));
  }

  @Test
  void aGateIsHiddenAndInlined() throws Exception {
    Class<?> linked = new Loader(TABLE).loadClass(SITES.replace('/', '.'));
    long gates =
        List.of(linked.getDeclaredMethods()).stream()
            .filter(method -> method.getName().startsWith("husk$"))
            .peek(method -> assertEquals(0x100a, method.getModifiers(), method.getName()))
            .count();
    assertEquals(TABLE.size(), gates);
  }

  private static Map<String, Object> run(Class<?> type)
      throws IllegalAccessException, InvocationTargetException {
    Map<String, Object> results = new TreeMap<>();
    for (var method : type.getDeclaredMethods()) {
      if (!method.isSynthetic() && method.getParameterCount() == 0) {
        method.setAccessible(true);
        if (Modifier.isStatic(method.getModifiers())) {
          results.put(method.getName(), method.invoke(null));
        }
      }
    }
    return results;
  }

  private static Seam seam(
      String group, Seam.Shape shape, String type, String member, String descriptor, String seam) {
    return new Seam(
        group,
        false,
        shape,
        type,
        member,
        "",
        SEAMS,
        seam,
        descriptor,
        List.of(SITES.replace('/', '.')),
        List.of());
  }

  /** Loads the sites linked, and all else as it is. */
  private static final class Loader extends ClassLoader implements SiteListener {
    private final List<Seam> table;

    Loader(List<Seam> table) {
      super(GateWriterTest.class.getClassLoader());
      this.table = table;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(SITES.replace('/', '.'))) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      Linked linked =
          new Rewriter(SeamTable.of(table))
              .link(SITES, false, GateWriterTest.read(SITES), Supers.NONE, this);
      assertNotNull(linked);
      byte[] complete = GateWriter.complete(linked);
      return defineClass(name, complete, 0, complete.length);
    }

    @Override
    public void rewritten(String className, String method, Seam seam) {}

    @Override
    public void leftAlone(String className, String method, Seam seam, String why) {
      throw new AssertionError(method + ": " + why);
    }

    @Override
    public void failed(@Nullable String className, Throwable cause) {
      throw new AssertionError(className, cause);
    }
  }

  private static byte[] read(String name) {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // What is linked. Public, as the linked class is one of another package to them.

  /** An interface with a target. */
  public interface Doer {
    /** A target. */
    int go();
  }

  /** A superclass with a target. */
  public static class Base {
    /** A target. */
    public String name() {
      return "original";
    }
  }

  /** A class with targets. */
  public static final class Target {
    /** A target. */
    public static long total = 100;

    /** A target. */
    public final int count;

    /** What it was made of. */
    public final long sum;

    /** A target. */
    public Target(long a, int b) {
      sum = a + b;
      count = b;
    }

    /** A target. */
    public static long twice(int a, long b) {
      return 2 * (a + b);
    }

    /** A target. */
    public double plus(int a, double b) {
      return sum + a + b;
    }

    /** A target. */
    public static void nothing() {}

    /** A target. */
    public static int square(int a) {
      return a * a;
    }
  }

  /** The sites. */
  public static final class Sites extends Base {
    static long staticCall() {
      return Target.twice(3, 4);
    }

    static double virtualCall() {
      return new Target(1, 2).plus(3, 4.5);
    }

    static int interfaceCall() {
      Doer doer = () -> 8;
      return doer.go();
    }

    static String superCall() {
      return new Sites().name();
    }

    @Override
    public String name() {
      return super.name();
    }

    static int fieldRead() {
      return new Target(1, 2).count;
    }

    static long staticRead() {
      return Target.total;
    }

    static int voidCall() {
      Target.nothing();
      return 7;
    }

    static long construction() {
      return new Target(5, 6).sum;
    }

    static int handle() {
      Supplier<IntUnaryOperator> supplier = () -> Target::square;
      return supplier.get().applyAsInt(5);
    }
  }

  /** The seams. */
  public static final class Seams {
    private Seams() {}

    /** A seam. */
    public static long twice(int a, long b) {
      return -1;
    }

    /** A seam. */
    public static double plus(Target target, int a, double b) {
      return -2;
    }

    /** A seam. */
    public static int go(Doer doer) {
      return -3;
    }

    /** A seam. */
    public static String name(Base base) {
      return "seam";
    }

    /** A seam. */
    public static int count(Target target) {
      return -4;
    }

    /** A seam. */
    public static long total() {
      return -5;
    }

    /** A seam. */
    public static void nothing() {}

    /** A seam. */
    public static Target target(long a, int b) {
      return new Target(a * 10, 1);
    }

    /** A seam. */
    public static int square(int a) {
      return -6;
    }
  }
}

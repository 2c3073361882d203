package dev.husk.scheduler;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Defines Husk's classes in {@code java.base}: those that stand in one of its packages for what
 * isn't public there, and a nest mate for what is private.
 */
final class InBase {
  private static final String[] IN_PACKAGES = {
    "java/lang/HuskLang", "java/lang/HuskSeams", "sun/nio/ch/HuskEvent", "sun/nio/ch/HuskNio"
  };

  /** Those that the first socket needs. */
  private static final String[] FOR_SOCKETS = {
    "sun/nio/ch/HuskNet",
    "sun/nio/ch/HuskNet$Nets",
    "sun/nio/ch/HuskNet$Dispatchers",
    "sun/nio/ch/HuskNet$Asynchronous",
    "sun/nio/ch/HuskNet$Channels",
    "sun/nio/ch/HuskNet$Datagrams",
    "sun/nio/ch/HuskNet$Duplicates",
    "sun/nio/ch/HuskNet$Pipes",
    "sun/nio/ch/HuskNet$Sockets"
  };

  private static final String START = "java/lang/HuskStart";

  /** {@code MethodHandleNatives.Constants}: NESTMATE_CLASS, HIDDEN_CLASS, STRONG_LOADER_LINK. */
  private static final int HIDDEN_NEST_MATE = 1 | 2 | 4;

  private static Consumer<Thread> start0;

  private static @Nullable Function<String, byte @Nullable []> files;

  private InBase() {}

  /**
   * Defines those that every start needs.
   *
   * @param classFiles gives the class file of an internal name, or null where the class is there
   *     already: then {@code Thread.start0} isn't private either
   */
  @SuppressWarnings("unchecked")
  static void define(Function<String, byte @Nullable []> classFiles) {
    files = classFiles;
    define(IN_PACKAGES);
    byte[] start = classFiles.apply(START);
    start0 =
        (Consumer<Thread>)
            (start == null
                ? instance(Jdk.find("java.lang.HuskStart"))
                : hidden(null, Thread.class, "java.lang.HuskStart", start));
  }

  /** Defines what the sockets group calls, the first time. */
  static void defineForSockets() {
    ForSockets.load();
  }

  /** Initialized once, whichever thread comes first. */
  private static final class ForSockets {
    static {
      define(FOR_SOCKETS);
    }

    private ForSockets() {}

    static void load() {}
  }

  private static void define(String[] names) {
    Function<String, byte @Nullable []> files = InBase.files;
    if (files != null) {
      for (String name : names) {
        byte[] file = files.apply(name);
        if (file != null) {
          Jdk.JLA.defineClass(null, name.replace('/', '.'), file, null, null);
        }
      }
    }
  }

  /** An object of a hidden class that is a nest mate of another. */
  static Object hidden(ClassLoader loader, Class<?> host, String name, byte[] classFile) {
    return instance(
        Jdk.JLA.defineClass(loader, host, name, classFile, null, true, HIDDEN_NEST_MATE, null));
  }

  private static Object instance(Class<?> type) {
    try {
      return Jdk.U.allocateInstance(type);
    } catch (InstantiationException e) {
      throw new AssertionError(e);
    }
  }

  /** Constants of what {@link #define} has made: a call through one compiles to a plain call. */
  static final class Originals {
    /** {@code Thread.start0}. */
    static final Consumer<Thread> START0 = start0;

    private Originals() {}
  }
}

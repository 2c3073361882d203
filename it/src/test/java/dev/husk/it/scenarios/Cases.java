package dev.husk.it.scenarios;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Runs the cases of a program, in the order of their names, and prints what they return.
 *
 * <p>Before and after each case a marker goes to both streams, so that the test can tell which case
 * hung or ended the JVM, and start the program again behind it.
 */
final class Cases {
  private static final String BEGIN = "#> ";
  private static final String END = "#< ";

  private Cases() {}

  /**
   * Runs the cases of a program.
   *
   * @param args where the cases run ({@code main}, {@code thread} or {@code virtual}); then the
   *     name of the case after which to start, or {@code -}; then, as an option, the only case to
   *     run
   */
  static void run(Class<?> program, String[] args) throws InterruptedException {
    String where = args.length > 0 ? args[0] : "main";
    String after = args.length > 1 ? args[1] : "-";
    String only = args.length > 2 ? args[2] : "";
    List<Method> cases = new ArrayList<>();
    for (Method method : program.getDeclaredMethods()) {
      String name = method.getName();
      boolean wanted =
          only.isEmpty() ? after.equals("-") || name.compareTo(after) > 0 : name.equals(only);
      if (wanted && method.isAnnotationPresent(Case.class)) {
        cases.add(method);
      }
    }
    cases.sort(Comparator.comparing(Method::getName));
    if (where.equals("thread")) {
      Thread runner = new Thread(() -> all(cases), "runner");
      runner.start();
      runner.join();
    } else if (where.equals("virtual")) {
      Thread.ofVirtual().name("runner").start(() -> all(cases)).join();
    } else {
      all(cases);
    }
    mark("#. ", "done");
  }

  private static void all(List<Method> cases) {
    for (Method method : cases) {
      one(method);
    }
  }

  private static void one(Method method) {
    mark(BEGIN, method.getName());
    try {
      method.setAccessible(true);
      Object result = method.invoke(null);
      if (method.getReturnType() != void.class) {
        say(method.getName(), result);
      }
    } catch (InvocationTargetException e) {
      say(method.getName(), "threw " + e.getCause());
      e.getCause().printStackTrace();
    } catch (Throwable e) {
      say(method.getName(), "could not run " + e);
    }
    // A status that a case leaves behind must not reach the next one.
    Thread.interrupted();
    mark(END, method.getName());
  }

  /** Prints one result; a case may call it several times. */
  static void say(String name, Object result) {
    System.out.println(name + ": " + result);
  }

  private static void mark(String kind, String name) {
    for (PrintStream stream : List.of(System.out, System.err)) {
      stream.println(kind + name);
      stream.flush();
    }
  }
}

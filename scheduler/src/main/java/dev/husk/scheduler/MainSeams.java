package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.jdk.Trusted;
import dev.husk.runtime.seam.Replaces;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.Consumer;
import jdk.internal.misc.MethodFinder;
import jdk.internal.vm.annotation.Hidden;
import org.jspecify.annotations.Nullable;

/**
 * The seams in the JDK's launcher by which {@code main} runs on the scheduler: the launcher is
 * given {@link Main}, whose {@code main} runs the app's under the JVM's own main {@code Thread}
 * object.
 */
public final class MainSeams {
  private static final String HELPER = "sun.launcher.LauncherHelper";

  /** The app's main class, once the launcher has loaded it. */
  private static volatile @Nullable Class<?> mainClass;

  /** The app's main method. */
  private static @Nullable Method mainMethod;

  private static volatile boolean enabled;

  private MainSeams() {}

  static void enable() {
    enabled = true;
  }

  /** Of the class path or of a jar. */
  @Replaces(
      type = "java.lang.Class",
      method = "forName",
      descriptor = "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;",
      in = HELPER + "#loadMainClass",
      group = THREADS)
  public static Class<?> forName(String name, boolean initialize, ClassLoader loader)
      throws ClassNotFoundException {
    return substitute(Class.forName(name, initialize, loader));
  }

  /** Of a module. Rare, and the launcher still needs the name of the class there: by a handle. */
  @Replaces(
      type = HELPER,
      method = "loadModuleMainClass",
      descriptor = "(Ljava/lang/String;)Ljava/lang/Class;",
      in = HELPER + "#checkAndLoadMain",
      group = THREADS)
  public static Class<?> loadModuleMainClass(String what) throws Throwable {
    return substitute(
        (Class<?>)
            Trusted.ofStatic(Jdk.find(HELPER), "loadModuleMainClass", Class.class, String.class)
                .invoke(what));
  }

  /** What the launcher shows as the app's class. */
  @Replaces(
      type = HELPER,
      field = "appClass",
      in = HELPER + "#getApplicationClass",
      group = THREADS)
  public static @Nullable Class<?> applicationClass() throws Throwable {
    Class<?> main = mainClass;
    return main != null
        ? main
        : (Class<?>) Trusted.getterOfStatic(Jdk.find(HELPER), "appClass", Class.class).invoke();
  }

  /**
   * Where the launcher validates the main class: the app's has been found good before it goes on
   * with ours.
   */
  @Replaces(
      type = "jdk.internal.misc.MethodFinder",
      method = "findMainMethod",
      in = HELPER + "#validateMainMethod",
      group = THREADS)
  public static @Nullable Method findMainMethod(Class<?> type) throws Throwable {
    Class<?> main = mainClass;
    if (main == null || type != Main.class) {
      return MethodFinder.findMainMethod(type);
    }
    Method method;
    try {
      method = MethodFinder.findMainMethod(main);
    } catch (Throwable e) {
      method = null;
    }
    if (method == null || !Modifier.isStatic(method.getModifiers())) {
      // There is more to check, or to complain of, in the JDK's own words.
      Trusted.ofStatic(Jdk.find(HELPER), "validateMainMethod", void.class, Class.class)
          .invoke(main);
    }
    mainMethod = method;
    return MethodFinder.findMainMethod(type);
  }

  private static Class<?> substitute(Class<?> main) {
    if (!enabled) {
      return main;
    }
    // JavaFX apps are started by a launcher of their own, which the JDK looks for by their
    // superclass.
    for (Class<?> type = main; type != null; type = type.getSuperclass()) {
      if (type.getName().startsWith("javafx.")) {
        return main;
      }
    }
    mainClass = main;
    return Main.class;
  }

  /** What the launcher runs instead of the app's main class. */
  public static final class Main implements Facade.MainWork {
    private final Class<?> type;
    private final String[] args;

    private Main(Class<?> type, String[] args) {
      this.type = type;
      this.args = args;
    }

    /** Called by the launcher on the primordial thread. */
    public static void main(String[] args) throws Throwable {
      Class<?> type = mainClass;
      Throwable thrown = Facade.runMain(Thread.currentThread(), new Main(type, args));
      if (thrown != null) {
        throw thrown;
      }
    }

    /** By ways whose frames don't show in the app's stack traces. */
    @Override
    @Hidden
    public void run() throws Throwable {
      Method method = mainMethod;
      Consumer<Object> call = MainCall.of(type, method);
      if (call != null) {
        call.accept(args);
        return;
      }
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      makeAccessible(method);
      MethodHandle main = lookup.unreflect(method);
      if (!Modifier.isStatic(method.getModifiers())) {
        Constructor<?> constructor = type.getDeclaredConstructor();
        makeAccessible(constructor);
        main = main.bindTo(lookup.unreflectConstructor(constructor).invoke());
      }
      if (method.getParameterCount() == 0) {
        main.invoke();
      } else {
        main.invoke(args);
      }
    }

    /** The launcher itself calls through JNI, which asks no module. */
    private static void makeAccessible(AccessibleObject member) {
      Jdk.U.putBoolean(member, Jdk.U.objectFieldOffset(AccessibleObject.class, "override"), true);
    }
  }
}

package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
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

  private static volatile boolean enabled;
  private static boolean isStatic;
  private static boolean takesNoArgs;

  private MainSeams() {}

  static void enable() {
    enabled = true;
  }

  @Replaces(
      type = HELPER,
      method = "loadMainClass",
      descriptor = "(ILjava/lang/String;)Ljava/lang/Class;",
      in = HELPER + "#checkAndLoadMain",
      group = THREADS)
  public static Class<?> loadMainClass(int mode, String what) throws Throwable {
    return substitute((Class<?>) helper("loadMainClass", LOAD).invoke(mode, what));
  }

  @Replaces(
      type = HELPER,
      method = "loadModuleMainClass",
      descriptor = "(Ljava/lang/String;)Ljava/lang/Class;",
      in = HELPER + "#checkAndLoadMain",
      group = THREADS)
  public static Class<?> loadModuleMainClass(String what) throws Throwable {
    return substitute((Class<?>) helper("loadModuleMainClass", LOAD_MODULE).invoke(what));
  }

  /** Validates the app's class, with the JDK's own messages, and then ours. */
  @Replaces(
      type = HELPER,
      method = "validateMainMethod",
      descriptor = "(Ljava/lang/Class;)V",
      in = HELPER + "#checkAndLoadMain",
      group = THREADS)
  public static void validateMainMethod(Class<?> type) throws Throwable {
    MethodHandle validate = helper("validateMainMethod", VALIDATE);
    Class<?> main = mainClass;
    if (main == null || type != Main.class) {
      validate.invoke(type);
      return;
    }
    validate.invoke(main);
    isStatic = flag("isStaticMain").getBoolean(null);
    takesNoArgs = flag("noArgMain").getBoolean(null);
    flag("appClass").set(null, main);
    validate.invoke(Main.class);
  }

  private static final MethodType LOAD =
      MethodType.methodType(Class.class, int.class, String.class);
  private static final MethodType LOAD_MODULE = MethodType.methodType(Class.class, String.class);
  private static final MethodType VALIDATE = MethodType.methodType(void.class, Class.class);

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

  private static MethodHandle helper(String name, MethodType signature) throws Throwable {
    Class<?> helper = Jdk.find(HELPER);
    return MethodHandles.privateLookupIn(helper, MethodHandles.lookup())
        .findStatic(helper, name, signature);
  }

  private static Field flag(String name) throws ReflectiveOperationException {
    Field field = Jdk.find(HELPER).getDeclaredField(name);
    field.setAccessible(true);
    return field;
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

    /** Through method handles, whose frames don't show in the app's stack traces. */
    @Override
    @Hidden
    public void run() throws Throwable {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Method method = find();
      makeAccessible(method);
      MethodHandle main = lookup.unreflect(method);
      if (!isStatic) {
        Constructor<?> constructor = type.getDeclaredConstructor();
        makeAccessible(constructor);
        main = main.bindTo(lookup.unreflectConstructor(constructor).invoke());
      }
      if (takesNoArgs) {
        main.invoke();
      } else {
        main.invoke(args);
      }
    }

    /** The launcher itself calls through JNI, which asks no module. */
    private static void makeAccessible(AccessibleObject member) {
      Jdk.U.putBoolean(member, Jdk.U.objectFieldOffset(AccessibleObject.class, "override"), true);
    }

    private Method find() throws ReflectiveOperationException {
      Class<?> finder = Jdk.find("jdk.internal.misc.MethodFinder");
      Method find = finder.getMethod("findMainMethod", Class.class);
      try {
        return (Method) find.invoke(null, type);
      } catch (InvocationTargetException e) {
        throw (ReflectiveOperationException) e.getCause();
      }
    }
  }
}

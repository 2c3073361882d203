package java.lang;

import dev.husk.runtime.seam.Group;
import dev.husk.runtime.seam.Replaces;
import dev.husk.scheduler.MonitorSeams;
import dev.husk.scheduler.ThreadSeams;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import jdk.internal.vm.annotation.ForceInline;
import jdk.internal.vm.annotation.Hidden;

/**
 * The seams of application classes. They stand in {@code java.lang} because there is no other
 * package that every class loader finds: loaders of modules and plug-ins (OSGi, for one) ask the
 * boot loader for {@code java.*} alone. The driver defines this class before the first site is
 * rewritten.
 */
public final class HuskSeams {
  private HuskSeams() {}

  /** See {@link ThreadSeams#currentThread}. */
  @Replaces(type = "java.lang.Thread", method = "currentThread", in = "APP", group = Group.THREADS)
  @ForceInline
  @Hidden
  public static Thread currentThread() {
    return ThreadSeams.currentThread();
  }

  /** See {@link ThreadSeams#join}. */
  @Replaces(
      type = "java.lang.Thread",
      method = "join",
      descriptor = "(J)V",
      in = "APP",
      group = Group.THREADS)
  @Hidden
  public static void join(Thread thread, long millis) throws InterruptedException {
    ThreadSeams.join(thread, millis);
  }

  /** See {@link MonitorSeams#notify}. */
  @Replaces(type = "java.lang.Object", method = "notify", in = "APP", group = Group.THREADS)
  @Hidden
  public static void notify(Object monitor) {
    MonitorSeams.notify(monitor);
  }

  /** See {@link MonitorSeams#notifyAll}. */
  @Replaces(type = "java.lang.Object", method = "notifyAll", in = "APP", group = Group.THREADS)
  @Hidden
  public static void notifyAll(Object monitor) {
    MonitorSeams.notifyAll(monitor);
  }

  /** See {@link ThreadSeams#findStatic}. */
  @Replaces(
      type = "java.lang.invoke.MethodHandles$Lookup",
      method = "findStatic",
      in = "APP",
      group = Group.THREADS)
  @Hidden
  public static MethodHandle findStatic(
      MethodHandles.Lookup lookup, Class<?> type, String name, MethodType signature)
      throws NoSuchMethodException, IllegalAccessException {
    return ThreadSeams.findStatic(lookup, type, name, signature);
  }

  /** See {@link ThreadSeams#unreflect}. */
  @Replaces(
      type = "java.lang.invoke.MethodHandles$Lookup",
      method = "unreflect",
      in = "APP",
      group = Group.THREADS)
  @Hidden
  public static MethodHandle unreflect(MethodHandles.Lookup lookup, Method method)
      throws IllegalAccessException {
    return ThreadSeams.unreflect(lookup, method);
  }
}

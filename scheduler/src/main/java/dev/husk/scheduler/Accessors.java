package dev.husk.scheduler;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/** Reflective ways to {@code Thread.currentThread}, for code that doesn't call it by name. */
final class Accessors {
  private Accessors() {}

  static boolean isCurrentThread(Method method) {
    return method.getDeclaringClass() == Thread.class && method.getName().equals("currentThread");
  }

  static Method method() {
    return Seam.METHOD;
  }

  static MethodHandle handle() {
    return Seam.HANDLE;
  }

  private static final class Seam {
    static final Method METHOD;
    static final MethodHandle HANDLE;

    static {
      try {
        METHOD = ThreadSeams.class.getMethod("currentThread");
        HANDLE =
            MethodHandles.lookup()
                .findStatic(
                    ThreadSeams.class, "currentThread", MethodType.methodType(Thread.class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}

package dev.husk.scheduler;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/**
 * Handles on members of JDK modules that may not be there, and that are looked up on the first use
 * only: management, the flight recorder. By the JDK's own lookup, which needs no module opened: the
 * driver would have to open those of modules that nobody uses, at every start.
 */
final class Trusted {
  private static final MethodHandles.Lookup LOOKUP;

  static {
    try {
      Field field = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
      LOOKUP =
          (MethodHandles.Lookup)
              Jdk.U.getReference(Jdk.U.staticFieldBase(field), Jdk.U.staticFieldOffset(field));
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Trusted() {}

  static MethodHandle ofStatic(Class<?> owner, String name, Class<?> result, Class<?>... params) {
    try {
      return LOOKUP.findStatic(owner, name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static MethodHandle ofVirtual(Class<?> owner, String name, Class<?> result, Class<?>... params) {
    try {
      return LOOKUP.findVirtual(owner, name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static MethodHandle ofConstructor(Class<?> owner, Class<?>... params) {
    try {
      return LOOKUP.findConstructor(owner, MethodType.methodType(void.class, params));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static MethodHandle getterOfStatic(Class<?> owner, String name, Class<?> type) {
    try {
      return LOOKUP.findStaticGetter(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}

package dev.husk.runtime.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import jdk.internal.misc.Unsafe;

/**
 * Handles on members of JDK modules that may not be there, and that are looked up on the first use
 * only: management, the flight recorder. By the JDK's own lookup, which needs no module opened: the
 * driver would have to open those of modules that nobody uses, at every start.
 */
public final class Trusted {
  private static final MethodHandles.Lookup LOOKUP;

  static {
    Unsafe unsafe = Unsafe.getUnsafe();
    try {
      Field field = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
      LOOKUP =
          (MethodHandles.Lookup)
              unsafe.getReference(unsafe.staticFieldBase(field), unsafe.staticFieldOffset(field));
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Trusted() {}

  /** A static method. */
  public static MethodHandle ofStatic(
      Class<?> owner, String name, Class<?> result, Class<?>... params) {
    try {
      return LOOKUP.findStatic(owner, name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** An instance method. */
  public static MethodHandle ofVirtual(
      Class<?> owner, String name, Class<?> result, Class<?>... params) {
    try {
      return LOOKUP.findVirtual(owner, name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A constructor. */
  public static MethodHandle ofConstructor(Class<?> owner, Class<?>... params) {
    try {
      return LOOKUP.findConstructor(owner, MethodType.methodType(void.class, params));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A read of a static field. */
  public static MethodHandle getterOfStatic(Class<?> owner, String name, Class<?> type) {
    try {
      return LOOKUP.findStaticGetter(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}

package dev.husk.it.scenarios;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/** Writes to off-heap memory that it has freed, and ends. */
final class MisusingProgram {
  private MisusingProgram() {}

  @SuppressWarnings({"removal", "sunapi"})
  public static void main(String[] args) throws ReflectiveOperationException {
    Field field = Unsafe.class.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    Unsafe unsafe = (Unsafe) field.get(null);
    long block = unsafe.allocateMemory(1000);
    unsafe.freeMemory(block);
    unsafe.putByte(block + 7, (byte) 1);
  }
}

package dev.husk.allocator;

import static dev.husk.runtime.seam.Group.MEMORY;

import dev.husk.runtime.seam.Replaces;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.misc.Unsafe;

/** Where the JDK allocates, resizes and frees off-heap memory, and where it books buffers. */
public final class MemorySeams {
  private MemorySeams() {}

  /** {@code Unsafe.allocateMemory}, of a direct buffer: its zeros, too. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "allocateMemory",
      in = "java.nio.DirectByteBuffer#<init>",
      group = MEMORY)
  public static long allocateZero(Unsafe unsafe, long bytes) {
    return bytes <= 0 ? unsafe.allocateMemory(bytes) : Allocator.allocateZero(bytes);
  }

  /** {@code Bits.setMemory}, of a direct buffer: it is zero already. */
  @Replaces(
      type = "java.nio.Bits",
      method = "setMemory",
      in = "java.nio.DirectByteBuffer#<init>",
      group = MEMORY)
  public static void zero(long address, long bytes, byte value) {}

  /** {@code Unsafe.allocateMemory}. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "allocateMemory",
      in = {
        "jdk.internal.foreign.SegmentFactories",
        "sun.misc.Unsafe#allocateMemory",
        "sun.nio.ch.EPoll",
        "sun.nio.ch.NativeObject",
        "sun.nio.ch.NativeSocketAddress",
        "sun.nio.ch.Util",
        "sun.nio.fs.NativeBuffer"
      },
      group = MEMORY)
  public static long allocate(Unsafe unsafe, long bytes) {
    return bytes <= 0 ? unsafe.allocateMemory(bytes) : Allocator.allocate(bytes);
  }

  /** {@code Unsafe.reallocateMemory}. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "reallocateMemory",
      in = "sun.misc.Unsafe#reallocateMemory",
      group = MEMORY)
  public static long reallocate(Unsafe unsafe, long address, long bytes) {
    if (bytes < 0) {
      return unsafe.reallocateMemory(address, bytes);
    }
    if (bytes == 0) {
      free(unsafe, address);
      return 0;
    }
    return address == 0 ? allocate(unsafe, bytes) : Allocator.reallocate(address, bytes);
  }

  /** {@code Unsafe.freeMemory}. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "freeMemory",
      in = {
        "java.nio.DirectByteBuffer#<init>",
        "java.nio.DirectByteBuffer$Deallocator",
        "jdk.internal.foreign.SegmentFactories$1",
        "sun.misc.Unsafe#freeMemory",
        "sun.nio.ch.AllocatedNativeObject",
        "sun.nio.ch.EPoll",
        "sun.nio.ch.NativeSocketAddress",
        "sun.nio.ch.Util",
        "sun.nio.fs.NativeBuffer$Deallocator"
      },
      group = MEMORY)
  public static void free(Unsafe unsafe, long address) {
    if (address != 0) {
      Allocator.free(address);
    }
  }

  /** {@code Bits.reserveMemory}. */
  @Replaces(
      type = "java.nio.Bits",
      method = "reserveMemory",
      in = {"java.nio.DirectByteBuffer#<init>", "java.nio.Buffer$2#reserveMemory"},
      group = MEMORY)
  public static void reserve(long size, long capacity) {
    Limit.reserve(size, capacity);
  }

  /** {@code Bits.unreserveMemory}. */
  @Replaces(
      type = "java.nio.Bits",
      method = "unreserveMemory",
      in = {
        "java.nio.DirectByteBuffer#<init>",
        "java.nio.DirectByteBuffer$Deallocator",
        "java.nio.Buffer$2#unreserveMemory"
      },
      group = MEMORY)
  public static void unreserve(long size, long capacity) {
    Limit.unreserve(size, capacity);
  }

  /** {@code Bits.COUNT.get()}. */
  @Replaces(
      type = "java.util.concurrent.atomic.AtomicLong",
      method = "get",
      in = "java.nio.Bits$1#getCount",
      group = MEMORY)
  public static long count(AtomicLong before) {
    return before.get() + Tenure.buffers();
  }

  /** {@code Bits.TOTAL_CAPACITY.get()}. */
  @Replaces(
      type = "java.util.concurrent.atomic.AtomicLong",
      method = "get",
      in = "java.nio.Bits$1#getTotalCapacity",
      group = MEMORY)
  public static long totalCapacity(AtomicLong before) {
    return before.get() + Tenure.capacity();
  }

  /** {@code Bits.RESERVED_MEMORY.get()}. */
  @Replaces(
      type = "java.util.concurrent.atomic.AtomicLong",
      method = "get",
      in = "java.nio.Bits$1#getMemoryUsed",
      group = MEMORY)
  public static long memoryUsed(AtomicLong before) {
    return before.get() + Tenure.reserved();
  }
}

package java.nio;

/** What the allocator calls of this package. */
public final class HuskBuffers {
  private HuskBuffers() {}

  /** {@code madvise(MADV_DONTNEED)} on whole pages. */
  public static void discard(long address, long bytes) {
    MappedMemoryUtils.unload(address, false, bytes);
  }

  /** {@code Bits.reserveMemory}. */
  public static void reserve(long size, long capacity) {
    Bits.reserveMemory(size, capacity);
  }

  /** {@code Bits.unreserveMemory}. */
  public static void unreserve(long size, long capacity) {
    Bits.unreserveMemory(size, capacity);
  }
}

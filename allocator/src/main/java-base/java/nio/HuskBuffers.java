package java.nio;

/** What the allocator calls of this package. */
public final class HuskBuffers {
  private HuskBuffers() {}

  /**
   * {@code madvise(MADV_DONTNEED)} on whole pages.
   *
   * @return false where the kernel refuses, as for pages that someone has locked
   */
  // The native throws an IOException that it doesn't declare.
  public static boolean discard(long address, long bytes) {
    try {
      MappedMemoryUtils.unload(address, false, bytes);
      return true;
    } catch (Exception e) {
      return false;
    }
  }
}

package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;

/** What the allocator calls of this package. */
public final class HuskMaps {
  /** {@code UnixFileDispatcherImpl.MAP_PV}: readable, writable, private. */
  private static final int PRIVATE = 2;

  private HuskMaps() {}

  /** {@code mmap} of a file from its beginning. */
  public static long mapPrivate(FileDescriptor file, long bytes) throws IOException {
    return UnixFileDispatcherImpl.map0(file, PRIVATE, 0, bytes, false);
  }

  /** {@code munmap}. */
  public static int unmap(long address, long bytes) {
    return UnixFileDispatcherImpl.unmap0(address, bytes);
  }
}

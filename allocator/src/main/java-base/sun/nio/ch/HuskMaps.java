package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;

/** What the allocator calls of this package. */
public final class HuskMaps {
  /** {@code UnixFileDispatcherImpl.MAP_RW}: readable, writable, shared. */
  private static final int SHARED = 1;

  /** {@code UnixFileDispatcherImpl.MAP_PV}: readable, writable, private. */
  private static final int PRIVATE = 2;

  private HuskMaps() {}

  /** {@code mmap} of a file from its beginning. */
  public static long mapPrivate(FileDescriptor file, long bytes) throws IOException {
    return UnixFileDispatcherImpl.map0(file, PRIVATE, 0, bytes, false);
  }

  /** {@code mmap} of a part of a file, shared with all who map it. */
  public static long mapShared(FileDescriptor file, long offset, long bytes) throws IOException {
    return UnixFileDispatcherImpl.map0(file, SHARED, offset, bytes, false);
  }

  /** {@code munmap}. */
  public static int unmap(long address, long bytes) {
    return UnixFileDispatcherImpl.unmap0(address, bytes);
  }

  /** {@code fstat}: the file's size, bytes. */
  public static long size(FileDescriptor file) throws IOException {
    return UnixFileDispatcherImpl.size0(file);
  }

  /** {@code ftruncate}. */
  public static void resize(FileDescriptor file, long bytes) throws IOException {
    UnixFileDispatcherImpl.truncate0(file, bytes);
  }
}

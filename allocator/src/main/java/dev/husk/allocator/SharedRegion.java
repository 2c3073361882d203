package dev.husk.allocator;

import java.io.FileDescriptor;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * A part of this process's off-heap memory and where it lies in a file that a device or another
 * process can map, with the option {@code memory.shared=on}. Immutable. The file grows, and never
 * shrinks.
 */
public final class SharedRegion {
  private final FileDescriptor file;
  private final long address;
  private final long offset;
  private final long bytes;

  SharedRegion(FileDescriptor file, long address, long offset, long bytes) {
    this.file = file;
    this.address = address;
    this.offset = offset;
    this.bytes = bytes;
  }

  /**
   * Finds the region that a block lies in. Any thread.
   *
   * @param address in a block that is in use: a buffer's, for instance
   * @return null when it isn't shared: without the option, where the system has no such files, or
   *     where the C library gave the block, as it does for the first few of a process
   */
  public static @Nullable SharedRegion find(long address) {
    return Kernel.isShared() ? SharedFile.find(address) : null;
  }

  /** The file, which stays open; the same for all regions. The caller must not close it. */
  public FileDescriptor file() {
    return file;
  }

  /** The file's descriptor number. */
  public int fd() {
    return SharedSecrets.getJavaIOFileDescriptorAccess().get(file);
  }

  /** The region's first address here. */
  public long address() {
    return address;
  }

  /** Where in the file that is, bytes; a multiple of the kernel's page size. */
  public long offset() {
    return offset;
  }

  /** The region's length, bytes. */
  public long bytes() {
    return bytes;
  }

  /** Where in the file an address of the region is, bytes. */
  public long offsetOf(long address) {
    return offset + address - this.address;
  }

  boolean contains(long address) {
    return address - this.address < bytes;
  }
}

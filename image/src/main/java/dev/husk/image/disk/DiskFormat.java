package dev.husk.image.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** The file that a disk comes in. */
public enum DiskFormat {
  /** The disk's bytes as they are, with holes in the file where there are zeros. */
  RAW,

  /** QEMU's format: about as large as what the raw file takes on the host's disk. */
  QCOW2,

  /**
   * QEMU's format with each cluster compressed by zlib: for carrying around. The bytes depend on
   * the zlib of the JDK that writes them.
   */
  QCOW2_COMPRESSED;

  /**
   * Begins a file, which becomes empty.
   *
   * @param size of the disk, in bytes
   */
  ClusterOutput output(FileChannel file, long size) throws IOException {
    return switch (this) {
      case RAW -> new RawOutput(file);
      case QCOW2 -> new Qcow2Output(file, size, false);
      case QCOW2_COMPRESSED -> new Qcow2Output(file, size, true);
    };
  }
}

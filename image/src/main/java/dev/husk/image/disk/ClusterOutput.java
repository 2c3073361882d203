package dev.husk.image.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The bytes of a disk from its first on, cut into clusters of which those that are all zeros take
 * no place in the file. {@link #finish} completes the file; closing does nothing.
 */
abstract class ClusterOutput extends OutputStream {

  /** In bytes: what qcow2 images have mostly. */
  static final int CLUSTER = 1 << 16;

  private static final byte[] ZEROS = new byte[CLUSTER];

  private final FileChannel file;
  private final byte[] cluster = new byte[CLUSTER];
  private int filled;
  private long index;

  /** Empties the file. */
  ClusterOutput(FileChannel file) throws IOException {
    this.file = file.truncate(0);
  }

  @Override
  public final void write(int b) throws IOException {
    cluster[filled++] = (byte) b;
    emitFull();
  }

  @Override
  public final void write(byte[] from, int offset, int length) throws IOException {
    while (length > 0) {
      int n = Math.min(length, CLUSTER - filled);
      System.arraycopy(from, offset, cluster, filled, n);
      filled += n;
      offset += n;
      length -= n;
      emitFull();
    }
  }

  /** Writes what is left. Nothing may be written after it. */
  final void finish() throws IOException {
    long size = index * CLUSTER + filled;
    emit();
    finish(size);
  }

  /**
   * Writes a cluster that isn't all zeros.
   *
   * @param length how much of it belongs to the disk: less than all in the last one, with zeros
   *     behind
   */
  abstract void cluster(long index, byte[] bytes, int length) throws IOException;

  /** Completes the file of a disk of so many bytes. */
  abstract void finish(long size) throws IOException;

  /** Writes into the file at a place. */
  final void writeAt(long offset, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      offset += file.write(from, offset);
    }
  }

  final long fileSize() throws IOException {
    return file.size();
  }

  private void emitFull() throws IOException {
    if (filled == CLUSTER) {
      emit();
    }
  }

  private void emit() throws IOException {
    if (!Arrays.equals(cluster, 0, filled, ZEROS, 0, filled)) {
      Arrays.fill(cluster, filled, CLUSTER, (byte) 0);
      cluster(index, cluster, filled);
    }
    index++;
    filled = 0;
  }
}

package dev.husk.image.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Follows the chain of a file's clusters through the table. */
final class FatChain {
  private static final int WINDOW = 4096;

  private final FatGeometry geometry;
  private final Blocks volume;

  /** The part of the table read last, and where in the table it begins. */
  private ByteBuffer window = ByteBuffer.allocate(0);

  private long windowOffset = -1;

  private int next;

  /** The chain that begins with a cluster. */
  FatChain(FatGeometry geometry, Blocks volume, int first) {
    this.geometry = geometry;
    this.volume = volume;
    next = first;
  }

  /**
   * The chain's next cluster, or -1 at its end. A chain may lead round in a circle.
   *
   * @throws IOException if it leads to what is no cluster
   */
  int next() throws IOException {
    int cluster = next;
    if (geometry.type().isEndOfChain(cluster)) {
      return -1;
    }
    if (cluster < FatGeometry.FIRST_CLUSTER
        || cluster >= geometry.clusters() + FatGeometry.FIRST_CLUSTER) {
      throw new IOException("FAT: a chain leads to cluster " + cluster + ", which isn't there");
    }
    next = entry(cluster);
    return cluster;
  }

  private int entry(int cluster) throws IOException {
    FatType type = geometry.type();
    long offset = (long) cluster * type.entryBytes;
    long begin = offset - offset % WINDOW;
    if (begin != windowOffset) {
      long end = Math.min(begin + WINDOW, geometry.tableSectors() * geometry.sectorSize());
      ByteBuffer bytes = ByteBuffer.allocate((int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
      volume.read(geometry.tableOffset() + begin, bytes);
      window = bytes;
      windowOffset = begin;
    }
    int at = (int) (offset - begin);
    return type == FatType.FAT16
        ? Short.toUnsignedInt(window.getShort(at))
        : window.getInt(at) & FatType.MASK;
  }
}

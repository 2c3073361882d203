package dev.husk.image.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.Deflater;

/**
 * A disk as a qcow2 image of version 3. The file has the header in its first cluster, then the
 * disk's clusters in their order (compressed ones packed), the L2 tables, the L1 table, the
 * refcount table and the refcount blocks. Clusters of zeros have no entry.
 */
final class Qcow2Output extends ClusterOutput {
  private static final int CLUSTER_BITS = Integer.numberOfTrailingZeros(CLUSTER);
  private static final int ENTRIES = CLUSTER / Long.BYTES;

  /** Refcounts have 1 << 4 bits. */
  private static final int REFCOUNT_ORDER = 4;

  private static final int REFCOUNTS = CLUSTER / Short.BYTES;

  private final boolean compressed;

  /** The entries of all L2 tables. */
  private final LongBuffer l2;

  private final byte[] packed = new byte[CLUSTER];

  /** The file is in use up to here. */
  private long end = CLUSTER;

  /**
   * Begins an image.
   *
   * @param size of the disk, in bytes
   */
  Qcow2Output(FileChannel file, long size, boolean compressed) throws IOException {
    super(file);
    this.compressed = compressed;
    l2 = LongBuffer.allocate(Math.toIntExact(Math.ceilDiv(size, CLUSTER)));
  }

  @Override
  void cluster(long index, byte[] bytes, int length) throws IOException {
    int packedLength = compressed ? deflate(bytes) : CLUSTER;
    long entry;
    if (packedLength < CLUSTER) {
      long last = end + packedLength - 1;
      long sectors = last / Qcow2Header.SECTOR - end / Qcow2Header.SECTOR;
      entry = Qcow2Header.COMPRESSED | sectors << Qcow2Header.sectorsShift(CLUSTER_BITS) | end;
      writeAt(end, ByteBuffer.wrap(packed, 0, packedLength));
      end += packedLength;
    } else {
      entry = Qcow2Header.COPIED | append(ByteBuffer.wrap(bytes));
    }
    l2.put((int) index, entry);
  }

  /**
   * Compresses into {@link #packed}. Returns the length, that of a cluster if it doesn't shrink.
   */
  private int deflate(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      int length = deflater.deflate(packed);
      return deflater.finished() ? length : CLUSTER;
    } finally {
      deflater.end();
    }
  }

  @Override
  void finish(long size) throws IOException {
    int metadata = (int) Math.ceilDiv(end, CLUSTER);
    LongBuffer l1 = LongBuffer.allocate(Math.ceilDiv(l2.capacity(), ENTRIES));
    for (int i = 0; i < l1.capacity(); i++) {
      int begin = i * ENTRIES;
      ByteBuffer table = bytes(l2.slice(begin, Math.min(ENTRIES, l2.capacity() - begin)));
      if (table.mismatch(ByteBuffer.allocate(table.capacity())) >= 0) {
        l1.put(i, Qcow2Header.COPIED | append(table));
      }
    }
    long l1Offset = append(bytes(l1));

    // The refcount blocks count themselves and their table, too.
    int used = (int) Math.ceilDiv(end, CLUSTER);
    int blocks = 1;
    while (blocks < blocksFor(used + blocks + tablesFor(blocks))) {
      blocks++;
    }
    int tables = tablesFor(blocks);
    int total = used + tables + blocks;
    LongBuffer table = LongBuffer.allocate(tables * ENTRIES);
    for (int i = 0; i < blocks; i++) {
      table.put(i, (long) (used + tables + i) * CLUSTER);
    }
    long tableOffset = append(bytes(table));
    append(refcounts(metadata, total, blocks));
    writeAt(0, header(size, l1.capacity(), l1Offset, tableOffset, tables));
  }

  private static int blocksFor(int clusters) {
    return Math.ceilDiv(clusters, REFCOUNTS);
  }

  private static int tablesFor(int blocks) {
    return Math.ceilDiv(blocks, ENTRIES);
  }

  /** How often each cluster of the file is referred to, of those before {@code metadata} by L2. */
  private ByteBuffer refcounts(int metadata, int total, int blocks) {
    ByteBuffer counts = ByteBuffer.allocate(Math.multiplyExact(blocks, CLUSTER));
    increment(counts, 0, 0);
    increment(counts, metadata, total - 1);
    for (int i = 0; i < l2.capacity(); i++) {
      long entry = l2.get(i);
      if ((entry & Qcow2Header.COMPRESSED) != 0) {
        int shift = Qcow2Header.sectorsShift(CLUSTER_BITS);
        long begin = entry & ((1L << shift) - 1);
        long sectors = (entry & ~Qcow2Header.COMPRESSED) >> shift;
        increment(counts, begin / CLUSTER, (begin + sectors * Qcow2Header.SECTOR) / CLUSTER);
      } else if (entry != 0) {
        long cluster = (entry & Qcow2Header.OFFSET_MASK) / CLUSTER;
        increment(counts, cluster, cluster);
      }
    }
    return counts;
  }

  private static void increment(ByteBuffer counts, long first, long last) {
    for (int at = (int) first * Short.BYTES; at <= last * Short.BYTES; at += Short.BYTES) {
      counts.putShort(at, (short) (counts.getShort(at) + 1));
    }
  }

  private static ByteBuffer header(
      long size, int l1Entries, long l1Offset, long refcountTable, int refcountTableClusters) {
    // What isn't put is zero: no backing file, encryption, snapshots, features, or extensions.
    return ByteBuffer.allocate(CLUSTER)
        .putInt(0, Qcow2Header.MAGIC)
        .putInt(Qcow2Header.VERSION_OFFSET, 3)
        .putInt(Qcow2Header.CLUSTER_BITS_OFFSET, CLUSTER_BITS)
        .putLong(Qcow2Header.SIZE_OFFSET, size)
        .putInt(Qcow2Header.L1_ENTRIES_OFFSET, l1Entries)
        .putLong(Qcow2Header.L1_TABLE_OFFSET, l1Offset)
        .putLong(Qcow2Header.REFCOUNT_TABLE_OFFSET, refcountTable)
        .putInt(Qcow2Header.REFCOUNT_TABLE_CLUSTERS_OFFSET, refcountTableClusters)
        .putInt(Qcow2Header.REFCOUNT_ORDER_OFFSET, REFCOUNT_ORDER)
        .putInt(Qcow2Header.HEADER_LENGTH_OFFSET, Qcow2Header.VERSION_3_LENGTH);
  }

  /** Writes at the file's next cluster. Returns where that is. */
  private long append(ByteBuffer bytes) throws IOException {
    long offset = Math.ceilDiv(end, CLUSTER) * CLUSTER;
    end = offset + bytes.remaining();
    writeAt(offset, bytes);
    return offset;
  }

  private static ByteBuffer bytes(LongBuffer longs) {
    ByteBuffer bytes = ByteBuffer.allocate(longs.remaining() * Long.BYTES);
    bytes.asLongBuffer().put(longs);
    return bytes;
  }
}

package dev.husk.image.disk;

/** Where things stand in a qcow2 image, and what its bits mean (qcow2, "Header" and on). */
final class Qcow2Header {
  static final int MAGIC = 0x514649FB;

  static final int VERSION_OFFSET = 4;
  static final int BACKING_FILE_OFFSET = 8;
  static final int CLUSTER_BITS_OFFSET = 20;
  static final int SIZE_OFFSET = 24;
  static final int ENCRYPTION_OFFSET = 32;
  static final int L1_ENTRIES_OFFSET = 36;
  static final int L1_TABLE_OFFSET = 40;
  static final int REFCOUNT_TABLE_OFFSET = 48;
  static final int REFCOUNT_TABLE_CLUSTERS_OFFSET = 56;

  /** From here on version 3 alone. */
  static final int INCOMPATIBLE_FEATURES_OFFSET = 72;

  static final int REFCOUNT_ORDER_OFFSET = 96;
  static final int HEADER_LENGTH_OFFSET = 100;

  static final int VERSION_2_LENGTH = 72;
  static final int VERSION_3_LENGTH = 104;

  /** An incompatible feature: refcounts may be wrong, which doesn't concern who only reads. */
  static final long DIRTY = 1;

  /** Of an L1 entry, and of an L2 entry of a cluster that isn't compressed: where it is. */
  static final long OFFSET_MASK = 0x00FF_FFFF_FFFF_FE00L;

  /** Of such entries, too: nothing else refers to what it points to. */
  static final long COPIED = 1L << 63;

  /** Of an L2 entry: the cluster is compressed. */
  static final long COMPRESSED = 1L << 62;

  /** Of an L2 entry, version 3: the cluster reads as zeros. */
  static final long ZERO = 1;

  /** Compressed bytes begin anywhere and are counted in sectors that they touch. */
  static final int SECTOR = 512;

  private Qcow2Header() {}

  /** Of an L2 entry of a compressed cluster: the bit the count of sectors less one begins at. */
  static int sectorsShift(int clusterBits) {
    return 62 - (clusterBits - 8);
  }
}

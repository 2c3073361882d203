package dev.husk.image.disk;

/** The kind of a FAT volume, which is told from its count of clusters alone (fatgen103). */
public enum FatType {
  /**
   * Volumes of 2 MB to 2 GB. EDK2 and what is built on it boots from it; the UEFI specification
   * (13.3) asks firmware to know it on removable media alone.
   */
  FAT16(2, 4_085, 65_524),

  /** Volumes of 33 MB and more: what the UEFI specification wants in an EFI system partition. */
  FAT32(4, 65_525, 0x0FFF_FFF5);

  /** Entries of FAT32's tables have 28 bits. */
  static final int MASK = 0x0FFF_FFFF;

  /** How many bytes a cluster has in a table. */
  final int entryBytes;

  final int fewestClusters;
  final int mostClusters;

  FatType(int entryBytes, int fewestClusters, int mostClusters) {
    this.entryBytes = entryBytes;
    this.fewestClusters = fewestClusters;
    this.mostClusters = mostClusters;
  }

  /** The table's entry of a chain's last cluster. */
  int endOfChain() {
    return this == FAT16 ? 0xFFFF : MASK;
  }

  /** Whether an entry of the table ends a chain: the last eight do. */
  boolean isEndOfChain(int entry) {
    return entry >= endOfChain() - 7;
  }
}

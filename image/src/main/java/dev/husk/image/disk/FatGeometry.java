package dev.husk.image.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Where a FAT volume's parts lie, as the first sector tells (fatgen103, "Boot Sector and BPB"):
 * reserved sectors, the tables, the root directory of FAT16, the clusters. These are counted from 2
 * on.
 *
 * @param sectorSize in bytes
 * @param clusterSectors the sectors of a cluster
 * @param reserved the sectors before the first table
 * @param tables how many there are
 * @param table which of them to read
 * @param tableSectors the sectors of one
 * @param rootEntries of the root directory of FAT16, else 0
 * @param rootCluster the first of the root directory of FAT32, else 0
 * @param clusters how many there are
 */
record FatGeometry(
    FatType type,
    int sectorSize,
    int clusterSectors,
    int reserved,
    int tables,
    int table,
    long tableSectors,
    int rootEntries,
    int rootCluster,
    long clusters) {

  static final int SECTOR = 512;

  /** The number of the first cluster. */
  static final int FIRST_CLUSTER = 2;

  /** In sectors, and of FAT32 alone: a second sector, and copies of both. */
  static final int INFORMATION_SECTOR = 1;

  static final int BACKUP_SECTOR = 6;

  /** A fixed disk. */
  static final int MEDIUM = 0xF8;

  /** Of a directory, in a sector. */
  private static final int ENTRIES = SECTOR / FatEntry.SIZE;

  private static final int LARGEST_CLUSTER = 1 << 16;

  /** The volume that a writer makes: two tables, as few sectors as there can be. */
  static FatGeometry of(FatType type, int clusterSectors, int rootEntries, long clusters) {
    boolean fat32 = type == FatType.FAT32;
    long tableBytes = (clusters + FIRST_CLUSTER) * type.entryBytes;
    return new FatGeometry(
        type,
        SECTOR,
        clusterSectors,
        fat32 ? 32 : 1,
        2,
        0,
        Math.ceilDiv(tableBytes, SECTOR),
        fat32 ? 0 : Math.ceilDiv(rootEntries, ENTRIES) * ENTRIES,
        fat32 ? FIRST_CLUSTER : 0,
        clusters);
  }

  int clusterSize() {
    return clusterSectors * sectorSize;
  }

  /** Where the table to read begins, in bytes. */
  long tableOffset() {
    return (reserved + table * tableSectors) * sectorSize;
  }

  /** Where the root directory of FAT16 begins, in bytes. */
  long rootOffset() {
    return (reserved + tables * tableSectors) * sectorSize;
  }

  /** Where a cluster begins, in bytes. */
  long clusterOffset(long cluster) {
    long data = rootOffset() + (long) rootSectors() * sectorSize;
    return data + (cluster - FIRST_CLUSTER) * clusterSize();
  }

  /** Of the volume. */
  long sectors() {
    return clusterOffset(FIRST_CLUSTER + clusters) / sectorSize;
  }

  private int rootSectors() {
    return Math.ceilDiv(rootEntries * FatEntry.SIZE, sectorSize);
  }

  /**
   * The first sector.
   *
   * @param id the serial number of the volume
   */
  byte[] bootSector(int id) {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    boolean fat32 = type == FatType.FAT32;
    long total = sectors();
    boolean small = !fat32 && total < 1 << 16;
    // A jump over what follows, as some look for it; there is no boot code.
    sector.put((byte) 0xEB).put((byte) (fat32 ? 0x58 : 0x3C)).put((byte) 0x90);
    // The name that the specification recommends.
    sector.put(ascii("MSWIN4.1"));
    sector.putShort((short) sectorSize);
    sector.put((byte) clusterSectors);
    sector.putShort((short) reserved);
    sector.put((byte) tables);
    sector.putShort((short) rootEntries);
    sector.putShort((short) (small ? total : 0));
    // The geometry of the disk and the volume's place on it are for BIOS calls alone.
    sector.put((byte) MEDIUM);
    sector.putShort((short) (fat32 ? 0 : tableSectors));
    sector.putShort((short) 63).putShort((short) 255).putInt(0);
    sector.putInt((int) (small ? 0 : total));
    if (fat32) {
      sector.putInt((int) tableSectors);
      // All tables are kept current; version 0.0.
      sector.putShort((short) 0).putShort((short) 0);
      sector.putInt(rootCluster);
      sector.putShort((short) INFORMATION_SECTOR).putShort((short) BACKUP_SECTOR);
      sector.put(new byte[12]);
    }
    // The drive, and the mark of the three fields that follow.
    sector.put((byte) 0x80).put((byte) 0).put((byte) 0x29);
    sector.putInt(id);
    sector.put(ascii("NO NAME    "));
    sector.put(ascii(fat32 ? "FAT32   " : "FAT16   "));
    sign(sector);
    return sector.array();
  }

  /**
   * The second sector of FAT32 ("FSInfo").
   *
   * @param used how many clusters, which are the first ones
   */
  byte[] informationSector(long used) {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    sector.putInt(0, 0x41615252);
    sector.putInt(484, 0x61417272);
    sector.putInt(488, (int) (clusters - used));
    // The next free one; all ones if there is none.
    sector.putInt(492, used < clusters ? (int) (FIRST_CLUSTER + used) : -1);
    sign(sector);
    return sector.array();
  }

  private static void sign(ByteBuffer sector) {
    sector.put(510, (byte) 0x55).put(511, (byte) 0xAA);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * What the first sector of a volume says.
   *
   * @throws IOException if that isn't FAT16 or FAT32 or doesn't fit into the volume
   */
  static FatGeometry read(Blocks volume) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    volume.read(0, sector);
    require(sector.get(510) == (byte) 0x55 && sector.get(511) == (byte) 0xAA, "no boot sector");
    int sectorSize = unsigned(sector.getShort(11));
    int clusterSectors = Byte.toUnsignedInt(sector.get(13));
    int reserved = unsigned(sector.getShort(14));
    int tables = Byte.toUnsignedInt(sector.get(16));
    int rootEntries = unsigned(sector.getShort(17));
    int total16 = unsigned(sector.getShort(19));
    int table16 = unsigned(sector.getShort(22));
    long total = total16 != 0 ? total16 : Integer.toUnsignedLong(sector.getInt(32));
    long table = table16 != 0 ? table16 : Integer.toUnsignedLong(sector.getInt(36));
    require(
        Integer.bitCount(sectorSize) == 1 && sectorSize >= SECTOR && sectorSize <= 4096,
        "sectors of " + sectorSize + " bytes");
    require(
        Integer.bitCount(clusterSectors) == 1 && clusterSectors * sectorSize <= LARGEST_CLUSTER,
        "clusters of " + clusterSectors + " sectors");
    require(reserved > 0, "no reserved sector");
    require(tables > 0, "no table");
    require(
        total <= volume.size() / sectorSize,
        total + " sectors in a volume of " + volume.size() + " bytes");

    long before = reserved + tables * table + Math.ceilDiv(rootEntries * FatEntry.SIZE, sectorSize);
    require(before < total, before + " sectors before the data of " + total);
    long clusters = (total - before) / clusterSectors;
    require(clusters >= FatType.FAT16.fewestClusters, "FAT12, which isn't read");
    FatType type = clusters <= FatType.FAT16.mostClusters ? FatType.FAT16 : FatType.FAT32;
    require(clusters <= type.mostClusters, clusters + " clusters");
    require(
        table * sectorSize / type.entryBytes >= clusters + FIRST_CLUSTER,
        "a table of " + table + " sectors for " + clusters + " clusters");
    boolean fat32 = type == FatType.FAT32;
    require(
        fat32 == (table16 == 0) && fat32 == (rootEntries == 0),
        "the fields of another type than " + type + " of " + clusters + " clusters");
    // Bit 7: one table alone is kept current, and these bits say which.
    int flags = fat32 ? sector.getShort(40) : 0;
    int current = (flags & 0x80) != 0 ? flags & 0xF : 0;
    require(current < tables, "table " + current + " of " + tables);
    return new FatGeometry(
        type,
        sectorSize,
        clusterSectors,
        reserved,
        tables,
        current,
        table,
        rootEntries,
        fat32 ? sector.getInt(44) : 0,
        clusters);
  }

  private static int unsigned(short value) {
    return Short.toUnsignedInt(value);
  }

  private static void require(boolean condition, String otherwise) throws IOException {
    if (!condition) {
      throw new IOException("FAT: " + otherwise);
    }
  }
}

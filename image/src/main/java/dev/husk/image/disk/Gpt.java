package dev.husk.image.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The partitions of a disk with sectors of 512 bytes, as its GUID partition table says (UEFI 5): a
 * protective MBR, a header and the entries at the begin, entries and a header at the end.
 *
 * @param disk the id of the disk
 * @param sectors of the disk
 */
record Gpt(UUID disk, long sectors, List<GptPartition> partitions) {

  /** In bytes. */
  static final int SECTOR = 512;

  /** The sectors of the MBR, a header and the entries; a partition may begin behind. */
  static final int BEFORE = 34;

  /** The sectors of entries and a header; a partition may end before. */
  static final int BEHIND = 33;

  private static final int ENTRIES = 128;
  private static final int ENTRY_SIZE = 128;
  private static final int NAME_SIZE = 72;
  private static final UUID UNUSED = new UUID(0, 0);

  /** A header begins with "EFI PART", revision 1.0. */
  private static final long SIGNATURE = 0x5452_4150_2049_4645L;

  private static final int REVISION = 0x0001_0000;
  private static final int HEADER_SIZE = 92;
  private static final int HEADER_CRC = 16;

  /** The entries of a table that is read, in bytes: eight times as many as there mostly are. */
  private static final int MOST_ENTRY_BYTES = 8 * ENTRIES * ENTRY_SIZE;

  private static final int MBR_PARTITION = 446;
  private static final int MBR_PARTITION_SIZE = 16;
  private static final int MBR_TYPE = 4;
  private static final byte MBR_GPT = (byte) 0xEE;
  private static final int MBR_SIGNATURE = 510;
  private static final short MBR_SIGNATURE_VALUE = (short) 0xAA55;

  /** What the disk begins with, {@link #BEFORE} sectors. */
  byte[] begin() {
    ByteBuffer entries = entries();
    return allocate(BEFORE)
        .put(0, protectiveMbr(), 0, SECTOR)
        .put(SECTOR, header(entries, 1, sectors - 1, 2), 0, SECTOR)
        .put(2 * SECTOR, entries, 0, entries.capacity())
        .array();
  }

  /** What the disk ends with, {@link #BEHIND} sectors. */
  byte[] end() {
    ByteBuffer entries = entries();
    return allocate(BEHIND)
        .put(0, entries, 0, entries.capacity())
        .put(entries.capacity(), header(entries, sectors - 1, 1, sectors - BEHIND), 0, SECTOR)
        .array();
  }

  /** One partition of all the disk, for what knows no GPT (UEFI 5.2.3). */
  private ByteBuffer protectiveMbr() {
    ByteBuffer mbr = allocate(1);
    // From sector 1 on, in cylinders, heads and sectors, too; the end is out of their reach.
    mbr.put(MBR_PARTITION, new byte[] {0, 0x00, 0x02, 0x00, MBR_GPT, -1, -1, -1});
    mbr.putInt(MBR_PARTITION + 8, 1);
    mbr.putInt(MBR_PARTITION + 12, (int) Math.min(sectors - 1, 0xFFFF_FFFFL));
    return mbr.putShort(MBR_SIGNATURE, MBR_SIGNATURE_VALUE);
  }

  private ByteBuffer header(ByteBuffer entries, long here, long other, long entriesSector) {
    ByteBuffer header = allocate(1);
    header.putLong(SIGNATURE).putInt(REVISION).putInt(HEADER_SIZE);
    // The checksum, put below, and a reserved field.
    header.putInt(0).putInt(0);
    header.putLong(here).putLong(other);
    header.putLong(BEFORE).putLong(sectors - BEHIND - 1);
    putGuid(header, disk);
    header.putLong(entriesSector).putInt(ENTRIES).putInt(ENTRY_SIZE).putInt(crc(entries));
    return header.putInt(HEADER_CRC, crc(header.slice(0, HEADER_SIZE)));
  }

  private ByteBuffer entries() {
    ByteBuffer entries = allocate(ENTRIES * ENTRY_SIZE / SECTOR);
    for (int i = 0; i < partitions.size(); i++) {
      GptPartition partition = partitions.get(i);
      entries.position(i * ENTRY_SIZE);
      putGuid(entries, partition.type());
      putGuid(entries, partition.id());
      entries.putLong(partition.first()).putLong(partition.last());
      // No attributes.
      entries.putLong(0);
      entries.put(partition.name().getBytes(StandardCharsets.UTF_16LE));
    }
    return entries.rewind();
  }

  /**
   * The partitions of a disk, by its backup table if the first one is damaged.
   *
   * @throws IOException if reading fails, or there is no whole table
   */
  static Gpt read(Blocks disk) throws IOException {
    checkProtectiveMbr(disk);
    long sectors = disk.size() / SECTOR;
    try {
      return read(disk, sectors, 1);
    } catch (IOException e) {
      try {
        return read(disk, sectors, sectors - 1);
      } catch (IOException backup) {
        e.addSuppressed(backup);
        throw e;
      }
    }
  }

  private static void checkProtectiveMbr(Blocks disk) throws IOException {
    ByteBuffer mbr = allocate(1);
    disk.read(0, mbr);
    boolean found = false;
    for (int at = MBR_PARTITION; at < MBR_SIGNATURE; at += MBR_PARTITION_SIZE) {
      found |= mbr.get(at + MBR_TYPE) == MBR_GPT;
    }
    require(
        found && mbr.getShort(MBR_SIGNATURE) == MBR_SIGNATURE_VALUE,
        "the first sector has no protective MBR");
  }

  private static Gpt read(Blocks disk, long sectors, long at) throws IOException {
    ByteBuffer header = allocate(1);
    disk.read(at * SECTOR, header);
    header.rewind();
    String where = " in sector " + at;
    require(header.getLong() == SIGNATURE, "no header" + where);
    int revision = header.getInt();
    require(revision == REVISION, "revision 0x" + Integer.toHexString(revision) + where);
    int size = header.getInt();
    require(size >= HEADER_SIZE && size <= SECTOR, "a header of " + size + " bytes" + where);
    int crc = header.getInt(HEADER_CRC);
    header.putInt(HEADER_CRC, 0);
    require(crc == crc(header.slice(0, size)), "a wrong checksum of the header" + where);
    header.position(24);
    require(header.getLong() == at, "a header that belongs elsewhere" + where);
    // Where the other one is.
    header.getLong();
    long firstUsable = header.getLong();
    long lastUsable = header.getLong();
    require(
        firstUsable >= 0 && lastUsable < sectors,
        "partitions up to sector " + lastUsable + " of " + sectors + where);
    UUID id = getGuid(header);
    long entriesSector = header.getLong();
    int count = header.getInt();
    int entrySize = header.getInt();
    require(
        entrySize >= ENTRY_SIZE
            && entrySize <= MOST_ENTRY_BYTES
            && count >= 0
            && count <= MOST_ENTRY_BYTES / entrySize,
        count + " entries of " + entrySize + " bytes" + where);
    require(
        entriesSector > 0 && entriesSector < sectors, "entries in sector " + entriesSector + where);
    ByteBuffer entries = ByteBuffer.allocate(count * entrySize).order(ByteOrder.LITTLE_ENDIAN);
    int entriesCrc = header.getInt();
    disk.read(entriesSector * SECTOR, entries);
    require(entriesCrc == crc(entries.rewind()), "a wrong checksum of the entries" + where);

    List<GptPartition> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GptPartition partition = partition(entries.position(i * entrySize));
      if (!partition.type().equals(UNUSED)) {
        require(
            firstUsable <= partition.first()
                && partition.first() <= partition.last()
                && partition.last() <= lastUsable,
            "partition "
                + i
                + " has the sectors "
                + partition.first()
                + " to "
                + partition.last()
                + where);
        partitions.add(partition);
      }
    }
    return new Gpt(id, sectors, partitions);
  }

  private static GptPartition partition(ByteBuffer entry) {
    UUID type = getGuid(entry);
    UUID id = getGuid(entry);
    long first = entry.getLong();
    long last = entry.getLong();
    // The attributes.
    entry.getLong();
    byte[] name = new byte[NAME_SIZE];
    entry.get(name);
    String text = new String(name, StandardCharsets.UTF_16LE);
    int end = text.indexOf(0);
    return new GptPartition(type, id, end < 0 ? text : text.substring(0, end), first, last);
  }

  /** Its first three fields are little-endian, the rest big-endian (UEFI, appendix A). */
  private static void putGuid(ByteBuffer to, UUID guid) {
    long high = guid.getMostSignificantBits();
    to.putInt((int) (high >> 32)).putShort((short) (high >> 16)).putShort((short) high);
    to.putLong(Long.reverseBytes(guid.getLeastSignificantBits()));
  }

  private static UUID getGuid(ByteBuffer from) {
    long high = Integer.toUnsignedLong(from.getInt()) << 32;
    high |= Short.toUnsignedLong(from.getShort()) << 16;
    high |= Short.toUnsignedLong(from.getShort());
    return new UUID(high, Long.reverseBytes(from.getLong()));
  }

  private static int crc(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  private static ByteBuffer allocate(int sectors) {
    return ByteBuffer.allocate(sectors * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void require(boolean condition, String otherwise) throws IOException {
    if (!condition) {
      throw new IOException("GPT: " + otherwise);
    }
  }
}

package dev.husk.image.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GUID partition tables, written and read, against gdisk and util-linux. */
class GptTest {
  private static final int SECTORS = 8192;

  private static final Gpt GPT =
      new Gpt(
          UUID.fromString("01234567-89ab-8def-8123-456789abcdef"),
          SECTORS,
          List.of(
              new GptPartition(
                  UUID.fromString("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),
                  UUID.fromString("11111111-2222-8333-8444-555555555555"),
                  "EFI system partition",
                  2048,
                  4095),
              new GptPartition(
                  UUID.fromString("0fc63daf-8483-4772-8e79-3d69d8477de4"),
                  UUID.fromString("11111111-2222-8333-8444-666666666666"),
                  "a name of thirty-six chars, größer!!",
                  4096,
                  6143)));

  @TempDir private Path directory;

  private static byte[] written(Gpt gpt) {
    byte[] disk = new byte[(int) gpt.sectors() * Gpt.SECTOR];
    byte[] begin = gpt.begin();
    byte[] end = gpt.end();
    System.arraycopy(begin, 0, disk, 0, begin.length);
    System.arraycopy(end, 0, disk, disk.length - end.length, end.length);
    return disk;
  }

  private static Gpt read(byte[] disk) throws IOException {
    return Gpt.read(new ByteBlocks(disk));
  }

  @Test
  void readingIsTheInverseOfWriting() throws IOException {
    assertEquals(GPT, read(written(GPT)));
    Gpt empty = new Gpt(new UUID(1, 2), SECTORS, List.of());
    assertEquals(empty, read(written(empty)));
  }

  @Test
  void sgdiskFindsNothing() throws Exception {
    Tool sgdisk = Tool.named("sgdisk", "gdisk");
    Path disk = Files.write(directory.resolve("disk"), written(GPT));
    String said = sgdisk.run(directory, "-v", disk.toString());
    assertTrue(said.contains("No problems found."), said);
    String first = sgdisk.run(directory, "-i", "1", disk.toString());
    assertTrue(first.contains("(EFI system partition)"), first);
    assertTrue(
        first.contains("Partition unique GUID: 11111111-2222-8333-8444-555555555555"), first);
    assertTrue(first.contains("First sector: 2048 "), first);
    assertTrue(first.contains("Last sector: 4095 "), first);
    String second = sgdisk.run(directory, "-i", "2", disk.toString());
    assertTrue(second.contains("Partition name: 'a name of thirty-six chars, größer!!'"), second);
  }

  @Test
  void sfdiskFindsNothing() throws Exception {
    Tool sfdisk = Tool.named("sfdisk", "fdisk");
    Path disk = Files.write(directory.resolve("disk"), written(GPT));
    String said = sfdisk.run(directory, "--verify", disk.toString());
    assertTrue(said.contains("No errors detected."), said);
    String dump = sfdisk.run(directory, "--dump", disk.toString());
    assertTrue(dump.contains("label-id: 01234567-89AB-8DEF-8123-456789ABCDEF"), dump);
    assertTrue(dump.contains("start=        4096, size=        2048"), dump);
  }

  @Test
  void whatSfdiskWritesIsRead() throws Exception {
    Tool sfdisk = Tool.named("sfdisk", "fdisk");
    Path disk = Files.write(directory.resolve("disk"), new byte[SECTORS * Gpt.SECTOR]);
    Path script =
        Files.writeString(
            directory.resolve("script"),
            """
            label: gpt
            label-id: 01234567-89AB-8DEF-8123-456789ABCDEF
            start=2048, size=2048, type=U, uuid=11111111-2222-8333-8444-555555555555, \
            name="EFI system partition"
            start=4096, size=2048, type=L, uuid=11111111-2222-8333-8444-666666666666, \
            name="a name of thirty-six chars, größer!!"
            """);
    sfdisk.run(directory, script, disk.toString());
    assertEquals(GPT, read(Files.readAllBytes(disk)));
  }

  @Test
  void theBackupStandsIn() throws IOException {
    byte[] disk = written(GPT);
    disk[Gpt.SECTOR + 3]++;
    assertEquals(GPT, read(disk));
    disk = written(GPT);
    disk[3 * Gpt.SECTOR]++;
    assertEquals(GPT, read(disk));
    // Both are damaged: what is said is about the first one.
    disk[disk.length - Gpt.SECTOR]++;
    assertRefused("a wrong checksum of the entries in sector 1", disk);
  }

  @Test
  void wrongTablesAreRefused() {
    assertRefused("no protective MBR", new byte[SECTORS * Gpt.SECTOR]);
    assertThrows(IOException.class, () -> read(new byte[100]));
    assertRefused("revision 0x20000", damaged(10, 2));
    assertRefused("a header of 32 bytes", damaged(12, 32));
    assertRefused("a header that belongs elsewhere", damaged(24, 7));
    assertRefused("partitions up to sector", damaged(52, 1));
    assertRefused("entries in sector 32512", damaged(73, 0x7F, 72, 0));
    assertRefused("entries of", damaged(83, 0x7F));
    assertRefused("entries of 0 bytes", damaged(84, 0));
    assertRefused("partition 0 has the sectors", damaged(Gpt.SECTOR + 40, 0, Gpt.SECTOR + 41, 0));
  }

  /** Each header with other bytes at these places; those from 512 on are in its entries. */
  private static byte[] damaged(int... placesAndValues) {
    byte[] disk = written(GPT);
    for (int header : new int[] {Gpt.SECTOR, disk.length - Gpt.SECTOR}) {
      int entries = header == Gpt.SECTOR ? 2 * Gpt.SECTOR : disk.length - 33 * Gpt.SECTOR;
      for (int i = 0; i < placesAndValues.length; i += 2) {
        int place = placesAndValues[i];
        int at = place < Gpt.SECTOR ? header + place : entries + place - Gpt.SECTOR;
        disk[at] = (byte) placesAndValues[i + 1];
      }
    }
    repair(disk);
    return disk;
  }

  /** Makes the checksums of both headers right again, as far as these say where they are. */
  private static void repair(byte[] disk) {
    ByteBuffer bytes = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    for (int header : new int[] {Gpt.SECTOR, disk.length - Gpt.SECTOR}) {
      if (header < 0 || header + Gpt.SECTOR > disk.length) {
        return;
      }
      long entries = bytes.getLong(header + 72) * Gpt.SECTOR;
      long size = (long) bytes.getInt(header + 80) * bytes.getInt(header + 84);
      if (entries >= 0 && size >= 0 && size <= disk.length && entries <= disk.length - size) {
        bytes.putInt(header + 88, crc(disk, (int) entries, (int) size));
      }
      bytes.putInt(header + 16, 0);
      int headerSize = Math.clamp(bytes.getInt(header + 12), 0, Gpt.SECTOR);
      bytes.putInt(header + 16, crc(disk, header, headerSize));
    }
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private static void assertRefused(String message, byte[] disk) {
    IOException e = assertThrows(IOException.class, () -> read(disk));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  @Test
  void damagedTablesAreReadOrRefused() throws Exception {
    byte[] disk =
        written(
            new Gpt(
                GPT.disk(), 80, List.of(new GptPartition(GPT.disk(), GPT.disk(), "a", 34, 46))));
    Fuzz.run(disk, GptTest::read);
    Fuzz.run(
        disk,
        bytes -> {
          repair(bytes);
          for (GptPartition partition : read(bytes).partitions()) {
            assertTrue(partition.first() <= partition.last());
            assertTrue(partition.last() < bytes.length / Gpt.SECTOR);
          }
        });
  }
}

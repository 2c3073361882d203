package dev.husk.image.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.testing.Tool;
import dev.husk.image.testing.Trees;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** qcow2 images, written and read, against qemu-img. */
class Qcow2Test {
  private static final int CLUSTER = ClusterOutput.CLUSTER;

  @TempDir private Path directory;

  private static Tool qemuImg() {
    return Tool.named("qemu-img", "qemu-utils");
  }

  /** Some of it zeros, some noise, some that compresses; it ends within a cluster. */
  private static byte[] disk() {
    byte[] disk = new byte[60 * CLUSTER + 1024];
    Random random = new Random(1);
    for (int cluster = 1; cluster < 60; cluster++) {
      int begin = cluster * CLUSTER;
      switch (cluster % 4) {
        case 0 -> System.arraycopy(Trees.noise(cluster, CLUSTER), 0, disk, begin, CLUSTER);
        case 1 -> {
          // Matches that lie far behind, further than the 4 KB that QEMU's own compressor looks.
          byte[] piece = Trees.noise(cluster, 20_000);
          for (int i = 0; i < 3; i++) {
            System.arraycopy(piece, 0, disk, begin + i * 20_000, 20_000);
          }
        }
        case 2 -> {
          for (int i = begin; i < begin + CLUSTER; i++) {
            disk[i] = (byte) random.nextInt(3);
          }
        }
        default -> {}
      }
    }
    disk[disk.length - 1] = 1;
    return disk;
  }

  private Path write(String name, byte[] disk, DiskFormat format) throws IOException {
    Path path = directory.resolve(name);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ClusterOutput out = format.output(file, disk.length);
      out.write(disk);
      out.finish();
    }
    return path;
  }

  private static byte[] read(Path path) throws IOException {
    try (Blocks blocks = Blocks.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) blocks.size());
      blocks.read(0, bytes);
      return bytes.array();
    }
  }

  @Test
  void readingIsTheInverseOfWriting() throws IOException {
    for (DiskFormat format : DiskFormat.values()) {
      assertArrayEquals(disk(), read(write("disk", disk(), format)), format::name);
      assertArrayEquals(new byte[5_000], read(write("zeros", new byte[5_000], format)));
      assertArrayEquals(new byte[0], read(write("empty", new byte[0], format)));
    }
  }

  @Test
  void theSameDiskMakesTheSameBytes() throws IOException {
    for (DiskFormat format : DiskFormat.values()) {
      assertArrayEquals(
          Files.readAllBytes(write("a", disk(), format)),
          Files.readAllBytes(write("b", disk(), format)),
          format::name);
    }
  }

  @Test
  void qemuImgFindsNothing() throws Exception {
    Tool qemuImg = qemuImg();
    Path raw = Files.write(directory.resolve("raw"), disk());
    for (DiskFormat format : List.of(DiskFormat.QCOW2, DiskFormat.QCOW2_COMPRESSED)) {
      Path image = write(format.name(), disk(), format);
      String check = qemuImg.run(directory, "check", "-f", "qcow2", image.toString());
      assertTrue(check.contains("No errors were found on the image."), check);
      String compare =
          qemuImg.run(
              directory, "compare", "-f", "raw", "-F", "qcow2", raw.toString(), image.toString());
      assertTrue(compare.contains("Images are identical."), compare);
      String info = qemuImg.run(directory, "info", image.toString());
      assertTrue(info.contains("file format: qcow2"), info);
      assertTrue(info.contains("virtual size: 3.75 MiB (3933184 bytes)"), info);
      assertTrue(info.contains("compat: 1.1"), info);
      assertTrue(info.contains("corrupt: false"), info);
      assertFalse(info.contains("backing file"), info);
    }
    long stored = Files.size(directory.resolve(DiskFormat.QCOW2.name()));
    long compressed = Files.size(directory.resolve(DiskFormat.QCOW2_COMPRESSED.name()));
    // Header, L2, L1, refcounts; 44 clusters aren't zeros, and 29 or 30 of these compress to half.
    assertTrue(stored <= 51 * CLUSTER, () -> "" + stored);
    assertTrue(compressed < 35 * CLUSTER, () -> "" + compressed);
  }

  @Test
  void manyTablesAreWritten() throws Exception {
    Tool qemuImg = qemuImg();
    // Its L1 table has more than one entry, and some have no L2 table.
    long size = (3L << 29) + CLUSTER;
    Path image = directory.resolve("sparse");
    try (FileChannel file =
        FileChannel.open(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ClusterOutput clusters = DiskFormat.QCOW2.output(file, size);
      ImageOutput out = new ImageOutput(clusters);
      out.padTo(5);
      out.write(1);
      out.padTo(size - 1);
      out.write(2);
      clusters.finish();
    }
    String check = qemuImg.run(directory, "check", "-f", "qcow2", image.toString());
    assertTrue(check.contains("No errors were found on the image."), check);
    String map = qemuImg.run(directory, "map", image.toString());
    assertTrue(map.matches("(?s)Offset.*\n0 +0x10000 .*\n0x60000000 +0x10000 .*"), map);
    try (Blocks blocks = Blocks.open(image)) {
      ByteBuffer last = ByteBuffer.allocate(2);
      blocks.read(size - 2, last);
      assertArrayEquals(new byte[] {0, 2}, last.array());
    }
  }

  @Test
  void whatQemuImgWritesIsRead() throws Exception {
    Tool qemuImg = qemuImg();
    Path raw = Files.write(directory.resolve("raw"), disk());
    for (String options :
        List.of("compat=0.10", "compat=1.1", "cluster_size=512", "cluster_size=2M")) {
      Path image = directory.resolve("image");
      for (String[] compressed : new String[][] {{}, {"-c"}}) {
        String[] command = {
          "convert", "-f", "raw", "-O", "qcow2", "-o", options, raw.toString(), image.toString()
        };
        String[] all = Arrays.copyOf(command, command.length + compressed.length);
        System.arraycopy(compressed, 0, all, command.length, compressed.length);
        qemuImg.run(directory, all);
        assertArrayEquals(disk(), read(image), () -> String.join(" ", all));
      }
    }
  }

  @Test
  void whatIsNotReadIsRefused() throws Exception {
    byte[] image = Files.readAllBytes(write("image", disk(), DiskFormat.QCOW2));
    assertRefused("version 4", with(image, 7, 4));
    assertRefused("needs a backing file", with(image, 15, 4));
    assertRefused("is encrypted", with(image, 35, 1));
    assertRefused("bits 0x4", with(image, 79, 4));
    assertRefused("clusters of 2^8 bytes", with(image, 23, 8));
    assertRefused("an L1 table of 0 entries", with(image, 39, 0));
    assertRefused("an L1 table of 1 entries for a disk of", with(image, 24, 0x7F));
    assertRefused("an L1 table of 1 entries for a disk of", with(image, 24, 0xFF));
    assertRefused("the header is cut off", Arrays.copyOf(image, 50));
    assertRefused("the header is cut off", Arrays.copyOf(image, 80));
    assertRefused("aren't within", Arrays.copyOf(image, 110));
    byte[] packed = Files.readAllBytes(write("packed", disk(), DiskFormat.QCOW2_COMPRESSED));
    assertRefused("is damaged", with(packed, CLUSTER, 0xFF));
    // It opens all the same: dirty means that refcounts may be wrong.
    assertArrayEquals(disk(), read(Files.write(directory.resolve("x"), with(image, 79, 1))));
  }

  @Test
  void readsStayWithinTheDisk() throws Exception {
    try (Blocks blocks = Blocks.open(write("image", disk(), DiskFormat.QCOW2))) {
      ByteBuffer some = ByteBuffer.allocate(100_000);
      blocks.read(CLUSTER * 3 + 777, some);
      assertArrayEquals(
          Arrays.copyOfRange(disk(), CLUSTER * 3 + 777, CLUSTER * 3 + 100_777), some.array());
      for (long offset : new long[] {-1, blocks.size() - 99_999, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertThrows(EOFException.class, () -> blocks.read(offset, some.clear()));
        assertThrows(EOFException.class, () -> blocks.part(offset, 100_000));
      }
      Blocks part = blocks.part(CLUSTER, 200_000);
      part.read(100_000, some.clear());
      assertArrayEquals(
          Arrays.copyOfRange(disk(), CLUSTER + 100_000, CLUSTER + 200_000), some.array());
      assertThrows(EOFException.class, () -> part.read(100_001, some.clear()));
    }
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] result = bytes.clone();
    result[at] = (byte) value;
    return result;
  }

  private void assertRefused(String message, byte[] image) throws IOException {
    Path path = Files.write(directory.resolve("refused"), image);
    IOException e = assertThrows(IOException.class, () -> read(path));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  @Test
  void damagedImagesAreReadOrRefused() throws Exception {
    byte[] disk = new byte[8 * CLUSTER];
    Arrays.fill(disk, CLUSTER, 3 * CLUSTER, (byte) 1);
    disk[5 * CLUSTER] = 1;
    for (DiskFormat format : List.of(DiskFormat.QCOW2_COMPRESSED, DiskFormat.QCOW2)) {
      byte[] image = Files.readAllBytes(write("image", disk, format));
      Fuzz.run(
          image,
          bytes -> {
            Blocks blocks = new Qcow2Blocks(new ByteBlocks(bytes));
            ByteBuffer some = ByteBuffer.allocate(2000);
            for (long at = 0; at < Math.min(blocks.size(), disk.length); at += CLUSTER / 2) {
              blocks.read(at, some.clear().limit((int) Math.min(2000, blocks.size() - at)));
            }
            if (blocks.size() > disk.length) {
              blocks.read(blocks.size() - 1, some.clear().limit(1));
            }
          });
    }
  }
}

package dev.husk.image.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.cpio.CpioReader;
import dev.husk.image.cpio.CpioWriter;
import dev.husk.image.testing.Tool;
import dev.husk.image.testing.Trees;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole disks in all formats. */
class DiskImageTest {
  private static final int MEGABYTE = 1_000_000;
  private static final int MEBIBYTE = 1 << 20;

  @TempDir private Path directory;

  private static FileTree tree(int size) {
    return new FileTree()
        .file("EFI/BOOT/BOOTX64.EFI", 0644, Content.of(Trees.noise(1, size)))
        .file("husk.txt", 0644, Trees.text("what is inside"));
  }

  private Path write(DiskImage image, DiskFormat format, String name) throws IOException {
    Path path = directory.resolve(name);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      image.write(file, format);
    }
    return path;
  }

  @Test
  void theToolsFindNothing() throws Exception {
    Tool sgdisk = Tool.named("sgdisk", "gdisk");
    Tool fsck = Tool.named("fsck.fat", "dosfstools");
    Tool mcopy = Tool.named("mcopy", "mtools");
    for (FatType type : FatType.values()) {
      Path disk = write(DiskImage.of(tree(3 * MEGABYTE), type), DiskFormat.RAW, type.name());
      String said = sgdisk.run(directory, "-v", disk.toString());
      assertTrue(said.contains("No problems found."), said);
      assertTrue(!said.contains("Caution") && !said.contains("Warning"), said);
      String partition = sgdisk.run(directory, "-i", "1", disk.toString());
      assertTrue(partition.contains("C12A7328-F81F-11D2-BA4B-00A0C93EC93B"), partition);

      Path out = Files.createDirectory(directory.resolve("out" + type));
      mcopy.run(directory, "-s", "-n", "-i", disk + "@@1M", "::/", out.toString());
      assertEquals(
          Trees.withoutAttributes(tree(3 * MEGABYTE)), Trees.withoutAttributes(Trees.ofHost(out)));

      byte[] all = Files.readAllBytes(disk);
      Path volume = directory.resolve("volume");
      Files.write(volume, Arrays.copyOfRange(all, MEBIBYTE, all.length - MEBIBYTE));
      said = fsck.run(directory, "-n", "-v", volume.toString());
      assertTrue(said.contains(": 4 files, "), said);
    }
  }

  @Test
  void aRootFileSystemHasAPartitionOfItsOwn() throws Exception {
    byte[] root = Trees.noise(2, MEGABYTE + 1);
    DiskImage image = DiskImage.of(tree(MEGABYTE)).with(Content.of(root));
    Path disk = write(image, DiskFormat.RAW, "rooted");
    Tool sgdisk = Tool.named("sgdisk", "gdisk");
    String said = sgdisk.run(directory, "-v", disk.toString());
    assertTrue(said.contains("No problems found."), said);
    String partition = sgdisk.run(directory, "-i", "2", disk.toString());
    assertTrue(partition.contains("4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"), partition);
    for (DiskFormat format : DiskFormat.values()) {
      try (Blocks blocks = Blocks.open(write(image, format, "rooted" + format))) {
        assertEquals(tree(MEGABYTE).size(), DiskImage.read(blocks).size());
        Blocks found = DiskImage.root(blocks);
        assertEquals(MEBIBYTE, found.size());
        byte[] bytes = new byte[root.length];
        found.read(0, ByteBuffer.wrap(bytes));
        assertArrayEquals(root, bytes);
      }
    }
    try (Blocks blocks = Blocks.open(write(DiskImage.of(tree(1)), DiskFormat.RAW, "rootless"))) {
      IOException e = assertThrows(IOException.class, () -> DiskImage.root(blocks));
      assertEquals("GPT: no root partition", e.getMessage());
    }
  }

  @Test
  void allFormatsHoldTheSameDisk() throws Exception {
    Tool qemuImg = Tool.named("qemu-img", "qemu-utils");
    DiskImage image = DiskImage.of(tree(3 * MEGABYTE));
    Path raw = write(image, DiskFormat.RAW, "raw");
    for (DiskFormat format : DiskFormat.values()) {
      Path other = write(image, format, format.name());
      String said = qemuImg.run(directory, "compare", raw.toString(), other.toString());
      assertTrue(said.contains("Images are identical."), said);
      try (Blocks disk = Blocks.open(other)) {
        assertEquals(image.size(), disk.size());
        assertEquals(
            Trees.listing(tree(3 * MEGABYTE)), Trees.listing(DiskImage.read(disk)), format::name);
      }
    }
  }

  @Test
  void theSameFilesMakeTheSameDisk() throws IOException {
    for (DiskFormat format : DiskFormat.values()) {
      Path first = write(DiskImage.of(tree(MEGABYTE)), format, "first");
      Path second = write(DiskImage.of(tree(MEGABYTE)), format, "second");
      assertEquals(-1, Files.mismatch(first, second), format::name);
      // It is emptied before.
      Path again = write(DiskImage.of(tree(3 * MEGABYTE)), format, "again");
      write(DiskImage.of(tree(MEGABYTE)), format, "again");
      assertEquals(-1, Files.mismatch(first, again), format::name);
    }
  }

  @Test
  void otherFilesHaveOtherIds() throws IOException {
    FileTree tree = new FileTree().file("a", 0644, Trees.text("b"));
    ContentId id = new ContentId(tree);
    assertEquals(id.uuid("x"), new ContentId(tree).uuid("x"));
    assertEquals(8, id.uuid("x").version());
    assertEquals(2, id.uuid("x").variant());
    assertNotEquals(id.uuid("x"), id.uuid("y"));
    for (FileTree other :
        new FileTree[] {
          new FileTree(),
          new FileTree().file("a", 0644, Trees.text("c")),
          new FileTree().file("ab", 0644, Trees.text("")),
          new FileTree().directory("a", 0755)
        }) {
      assertNotEquals(id.uuid("x"), new ContentId(other).uuid("x"));
      assertNotEquals(id.number("x"), new ContentId(other).number("x"));
    }
  }

  @Test
  void disksAreSmall() throws IOException {
    assertTrue(DiskImage.of(tree(25 * MEGABYTE)).size() <= 28 * MEGABYTE);
    assertEquals(5 * MEBIBYTE, DiskImage.of(new FileTree()).size());
    assertEquals(35 * MEBIBYTE, DiskImage.of(new FileTree(), FatType.FAT32).size());
  }

  @Test
  void zerosTakeNoPlace() throws Exception {
    Tool stat = Tool.named("stat", "coreutils");
    DiskImage image = DiskImage.of(tree(MEGABYTE), FatType.FAT32);
    assertEquals(35 * MEBIBYTE, image.size());
    for (DiskFormat format : DiskFormat.values()) {
      Path path = write(image, format, format.name());
      long blocks = Long.parseLong(stat.run(directory, "-c", "%b", path.toString()).strip());
      assertTrue(blocks * 512 < 2 * MEGABYTE, () -> format + ": " + blocks);
      assertEquals(format == DiskFormat.RAW, Files.size(path) == image.size());
    }
  }

  @Test
  void whatIsInsideAnArchiveOnADiskIsRead() throws IOException {
    FileTree root =
        new FileTree()
            .file("init", 0755, Content.of(Trees.noise(1, 500)))
            .file("java/lib/modules", 0644, Content.of(Trees.noise(2, MEGABYTE)));
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    CpioWriter.write(root, archive);
    FileTree files = new FileTree().file("initrd", 0644, Content.of(archive.toByteArray()));
    Path path = write(DiskImage.of(files), DiskFormat.QCOW2_COMPRESSED, "disk");
    try (Blocks disk = Blocks.open(path)) {
      Node node = DiskImage.read(disk).get("initrd");
      assertTrue(node instanceof Node.RegularFile);
      FileTree found = CpioReader.read(((Node.RegularFile) node).content());
      assertEquals(Trees.listing(root), Trees.listing(found));
    }
  }

  @Test
  void otherDisksAreRefused() throws IOException {
    byte[] gpt = new Gpt(new UUID(1, 2), 100, List.of()).begin();
    byte[] disk = Arrays.copyOf(gpt, 100 * Gpt.SECTOR);
    IOException e = assertThrows(IOException.class, () -> DiskImage.read(new ByteBlocks(disk)));
    assertEquals("GPT: no EFI system partition", e.getMessage());
  }
}

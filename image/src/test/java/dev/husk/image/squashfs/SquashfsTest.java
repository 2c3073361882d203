package dev.husk.image.squashfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.disk.ByteBlocks;
import dev.husk.image.testing.Trees;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Squashfs written and read. */
final class SquashfsTest {
  private static final int BLOCK = Volumes.BLOCK;

  @TempDir private Path directory;

  private static FileTree tree() {
    return new FileTree()
        .put("dev/console", new Node.Device(0600, false, 5, 1))
        .put("dev/large", new Node.Device(0660, true, 4095, 1_048_575))
        .file("empty", 0600, Content.of(new byte[0]))
        .file("init", 04755, Content.of(Trees.noise(1, 567)))
        .file("usr/share/größer als sonst", 0640, Content.of(Volumes.text(2, 700_000)))
        .directory("usr/lib/a", 01777)
        .file("usr/lib/a/b.so", 0644, Content.of(Trees.noise(3, 300_000)))
        .symlink("usr/lib/b.so", "a/b.so")
        .symlink("lib", "usr/lib");
  }

  private FileTree again(FileTree tree) throws IOException {
    byte[] volume = Volumes.written(tree, directory);
    assertEquals(0, volume.length % 4096);
    return Volumes.read(volume);
  }

  private void assertSame(FileTree tree) throws IOException {
    assertEquals(Trees.listing(tree), Trees.listing(again(tree)));
  }

  @Test
  void readingIsTheInverseOfWriting() throws IOException {
    assertSame(tree());
    assertEquals(Map.of(), Trees.listing(again(new FileTree())));
    assertSame(new FileTree().directory("a/b/c", 0700));
  }

  @Test
  void filesOfAllLengthsAreWhole() throws IOException {
    FileTree tree = new FileTree();
    int[] lengths = {
      0,
      1,
      BLOCK - 1,
      BLOCK,
      BLOCK + 1,
      2 * BLOCK - 1,
      2 * BLOCK,
      (1 << 20) - 1,
      1 << 20,
      (1 << 20) + 1,
      3_000_000
    };
    for (int length : lengths) {
      tree.file("noise/" + length, 0644, Content.of(Trees.noise(length, length)));
      tree.file("text/" + length, 0644, Content.of(Volumes.text(length, length)));
      tree.file("zeros/" + length, 0644, Content.of(new byte[length]));
    }
    assertSame(tree);
  }

  @Test
  void sparseFilesTakeNoPlace() throws IOException {
    // Beyond 4 GB it takes long.
    long large = (Boolean.getBoolean("husk.long") ? 1L << 32 : 1L << 26) + 1;
    byte[] island = new byte[40 * BLOCK + 5];
    island[20 * BLOCK] = 1;
    FileTree tree =
        new FileTree()
            .file("island", 0644, Content.of(island))
            .file("large", 0600, Volumes.zeros(large));
    byte[] volume = Volumes.written(tree, directory);
    assertTrue(volume.length < 10_000, volume.length + " bytes");
    FileTree read = Volumes.read(volume);
    assertArrayEquals(island, content(read, "island").bytes());
    assertEquals(large, content(read, "large").size());
    try (InputStream in = content(read, "large").open()) {
      in.skipNBytes(large - 1);
      assertEquals(0, in.read());
      assertEquals(-1, in.read());
    }
  }

  @Test
  void filesAreReadFromAnyPlace() throws IOException {
    byte[] bytes = Trees.noise(1, 3 * BLOCK + 1000);
    Arrays.fill(bytes, BLOCK, 2 * BLOCK, (byte) 0);
    Content content = content(again(new FileTree().file("a", 0644, Content.of(bytes))), "a");
    for (int at : new int[] {0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 7, 3 * BLOCK, bytes.length}) {
      byte[] expected = Arrays.copyOfRange(bytes, at, bytes.length);
      assertArrayEquals(expected, content.part(at, bytes.length - at).bytes());
    }
    try (InputStream in = content.open()) {
      assertEquals(bytes.length, in.skip(1 << 20));
      assertEquals(-1, in.read());
    }
  }

  @Test
  void directoriesMayBeLarge() throws IOException {
    FileTree tree = new FileTree();
    for (int i = 0; i < 300; i++) {
      tree.directory("300/" + i, 0755);
    }
    // More than a basic inode holds, and than numbers of inodes reach from one header.
    for (int i = 0; i < 70_000; i++) {
      tree.file("70000/a file named " + i, 0644, Content.of(new byte[] {(byte) i}));
    }
    assertSame(tree);
  }

  @Test
  void namesAndPathsAreAsLongAsLinuxAllows() throws IOException {
    FileTree tree =
        new FileTree()
            .directory("d/".repeat(2047) + "e", 0755)
            .symlink("link", "x".repeat(4095))
            .file("f".repeat(255), 0644, Trees.text("f"));
    for (int i = 0; i < 100; i++) {
      tree.file("names/" + "ü".repeat(126) + (100 + i), 0644, Trees.text("n" + i));
    }
    assertSame(tree);
    assertUnwritable("a name of 256 bytes", new FileTree().directory("f".repeat(256), 0755));
    assertUnwritable("a path of 4096 bytes", new FileTree().directory("d/".repeat(2047) + "ee", 0));
    assertUnwritable("a name of 4096 bytes", new FileTree().symlink("l", "x".repeat(4096)));
    assertUnwritable("a name of 0 bytes", new FileTree().symlink("l", ""));
    assertUnwritable("can't be written in UTF-8", new FileTree().directory("\uD800", 0755));
    assertUnwritable(
        "a device with the numbers 4096, 0",
        new FileTree().put("d", new Node.Device(0600, true, 4096, 0)));
  }

  private void assertUnwritable(String message, FileTree tree) {
    IOException e = assertThrows(IOException.class, () -> Volumes.written(tree, directory));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  @Test
  void namesAreInTheOrderOfTheirBytes() throws IOException {
    // In UTF-16 the last but one is after the last.
    List<String> names = List.of("Z", "a", "a b", "a-b", "a.b", "\uFF5E", "\uD83D\uDE00");
    FileTree tree = new FileTree();
    names.forEach(name -> tree.directory("d/" + name + "/inner", 0755));
    byte[] volume = Volumes.written(tree, Compressor.NONE, 1, directory);
    String text = new String(volume, StandardCharsets.UTF_8);
    int at = 0;
    for (String name : names) {
      int next = text.indexOf(name, at);
      assertTrue(next > 0, name);
      at = next + name.length();
    }
    assertEquals(Trees.listing(tree), Trees.listing(Volumes.read(volume)));
  }

  @Test
  void theSameTreeMakesTheSameBytesWithAnyNumberOfThreads() throws IOException {
    FileTree tree = tree().file("large", 0644, Content.of(Volumes.text(9, 5_000_000)));
    byte[] volume = Volumes.written(tree, Compressor.zstd(3), 1, directory);
    for (int threads : new int[] {1, 2, 7}) {
      Path other = Files.createDirectories(directory.resolve("threads" + threads));
      assertArrayEquals(
          volume, Volumes.written(tree, Compressor.zstd(3), threads, other), threads + " threads");
      assertArrayEquals(
          volume, Volumes.written(tree, Compressor.zstd(3), threads, other), "from the cache");
    }
    assertArrayEquals(Volumes.written(tree(), directory), Volumes.written(tree(), directory));
  }

  @Test
  void equalFilesAreStoredOnce() throws IOException {
    FileTree tree = new FileTree();
    for (int length : new int[] {5, 300_000, 1_500_000}) {
      for (int copy = 0; copy < 3; copy++) {
        tree.file(copy + "/" + length, 0600 + copy, Content.of(Trees.noise(length, length)));
      }
    }
    byte[] volume = Volumes.written(tree, directory);
    assertTrue(volume.length < 1_810_000, volume.length + " bytes");
    assertEquals(Trees.listing(tree), Trees.listing(Volumes.read(volume)));
  }

  @Test
  void theFileSystemMayBeginAnywhere() throws IOException {
    Path file = directory.resolve("disk");
    Squashfs squashfs;
    try (FileChannel out = Volumes.open(file)) {
      squashfs =
          SquashfsWriter.write(tree(), Method.LZ4, out, 1_048_576, directory.resolve("cache"));
      assertEquals(0, out.position());
    }
    byte[] disk = Files.readAllBytes(file);
    assertEquals(1_048_576 + squashfs.size(), disk.length);
    byte[] volume = Arrays.copyOfRange(disk, 1_048_576, disk.length);
    assertArrayEquals(Volumes.written(tree(), directory), volume);
    assertArrayEquals(Arrays.copyOf(volume, Squashfs.SUPERBLOCK_SIZE), squashfs.superblock());
    assertArrayEquals(squashfs.superblock(), Squashfs.superblock(new ByteBlocks(volume)));
  }

  @Test
  void theSuperblockTellsContentsFromEachOther() throws IOException {
    FileTree one = tree().file("port", 0644, Trees.text("8080"));
    FileTree two = tree().file("port", 0644, Trees.text("8081"));
    byte[] first = Volumes.written(one, directory);
    byte[] second = Volumes.written(two, directory);
    assertEquals(first.length, second.length);
    assertNotEquals(
        ByteBuffer.wrap(first, 0, Superblock.SIZE), ByteBuffer.wrap(second, 0, Superblock.SIZE));
  }

  @Test
  void wrongSuperblocksAreRefused() throws IOException {
    byte[] volume = Volumes.written(tree(), directory);
    assertRefused("no superblock", new byte[96]);
    assertRefused("96 bytes from byte 0 on", new byte[10]);
    assertRefused("blocks of 131073 bytes", with(volume, 12, 1));
    assertRefused("2^18", with(volume, 22, 18));
    assertRefused("compressed by lzo", with(volume, 20, 3));
    assertRefused("compressed by xz", with(volume, 20, 4));
    assertRefused("an unknown compression, number 7", with(volume, 20, 7));
    assertRefused("version 3.0", with(volume, 28, 3));
    assertRefused("can't be decompressed", with(volume, 20, 1));
    assertRefused("says ", Arrays.copyOf(volume, volume.length - 4096));
    assertRefused("the inode table at byte 0", withLong(volume, 64, 0));
    assertRefused("outside of its table", withLong(volume, 32, 1L << 40));
    assertRefused("a table of 4294967295 fragments", with(volume, 16, 0xFF, 0xFF, 0xFF, 0xFF));
    assertRefused("a table of ", withLong(volume, 80, -1));
    assertRefused("in block 0 of fragments, of which there are 0", with(volume, 16, 0));
  }

  @Test
  void loopsAreRefused() throws IOException {
    FileTree tree = new FileTree().directory("d", 0755);
    byte[] volume = Volumes.written(tree, Compressor.NONE, 1, directory);
    Superblock superblock = Superblock.parse(Arrays.copyOf(volume, Superblock.SIZE));
    // The entry of the directory leads back to the root's inode, which is behind that of d.
    int entry = (int) superblock.directoryTable() + 2 + Layout.DIRECTORY_HEADER;
    assertEquals(0, volume[entry]);
    assertRefused("d is a directory that is in another place", with(volume, entry, 32));
    // A header with more entries than a header has.
    int header = (int) superblock.directoryTable() + 2;
    assertRefused("257 entries behind a header", with(volume, header, 0, 1));
    assertRefused("isn't UTF-8", with(volume, entry + 8, 0xFF));
    assertRefused("a name that is none", with(volume, entry + 8, '/'));
    assertRefused("a name that is none", with(volume, entry + 8, '.'));
    assertRefused("a name of 257 bytes", with(volume, entry + 6, 0, 1));
    assertRefused("neither file", with(volume, (int) superblock.inodeTable() + 2, 6));
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    FileTree tree = new FileTree().file("f", 0644, Content.of(Trees.noise(1, BLOCK + 5)));
    byte[] volume = Volumes.written(tree, Compressor.NONE, 1, directory);
    int inode = (int) Superblock.parse(Arrays.copyOf(volume, 96)).inodeTable() + 2;
    assertUnreadable("f: squashfs: a block of 8519680 bytes", with(volume, inode + 34, 0x82));
    assertUnreadable("131071 bytes instead of 131072", with(volume, inode + 32, -1, -1, 1));
    assertUnreadable("from byte 1 on, in a block of 5", with(volume, inode + 24, 1));
    assertUnreadable("aren't within", with(volume, inode + 16, 0, 0, 2));
    assertRefused("in block 1 of fragments", with(volume, inode + 20, 1));

    FileTree sparse = new FileTree().file("f", 0644, Volumes.zeros(BLOCK));
    volume = Volumes.written(sparse, Compressor.NONE, 1, directory);
    inode = (int) Superblock.parse(Arrays.copyOf(volume, 96)).inodeTable() + 2;
    assertRefused("hold: 281474976841728 bytes", with(volume, inode + 30, 1));
    assertRefused("more blocks than the inode table can", with(volume, inode + 31, 0xFF));
    assertEquals(BLOCK, content(Volumes.read(volume), "f").bytes().length);
  }

  private static void assertUnreadable(String message, byte[] volume) throws IOException {
    Content content = content(Volumes.read(volume), "f");
    IOException e = assertThrows(IOException.class, content::bytes);
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  private static void assertRefused(String message, byte[] volume) {
    IOException e = assertThrows(IOException.class, () -> Volumes.read(volume));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  private static byte[] with(byte[] bytes, int at, int... values) {
    byte[] result = bytes.clone();
    for (int i = 0; i < values.length; i++) {
      result[at + i] = (byte) values[i];
    }
    return result;
  }

  private static byte[] withLong(byte[] bytes, int at, long value) {
    byte[] result = bytes.clone();
    ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    return result;
  }

  private static Content content(FileTree tree, String path) {
    return ((Node.RegularFile) tree.get(path)).content();
  }
}

package dev.husk.image.cpio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.testing.Tool;
import dev.husk.image.testing.Trees;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The initramfs format, written and read, against GNU cpio. */
class CpioTest {
  @TempDir private Path directory;

  private static FileTree tree() {
    return new FileTree()
        .directory("dev", 0755)
        .put("dev/console", new Node.Device(0600, false, 5, 1))
        .put("dev/vda", new Node.Device(0660, true, 254, 0))
        .file("empty", 0600, Content.of(new byte[0]))
        .file("init", 0755, Content.of(Trees.noise(1, 567)))
        .file("usr/share/größer als sonst", 04711, Content.of(Trees.noise(2, 70_000)))
        .symlink("lib", "usr/lib")
        .directory("usr/lib", 0711)
        .directory("usr/lib/a", 0700)
        .file("usr/lib/a.so", 0644, Trees.text("elf"), 4_000_000_000L)
        .symlink("usr/lib/b.so", "a.so");
  }

  private static byte[] written(FileTree tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CpioWriter.write(tree, out);
    return out.toByteArray();
  }

  private static FileTree read(byte[]... archives) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] archive : archives) {
      all.write(archive);
    }
    return CpioReader.read(Content.of(all.toByteArray()));
  }

  @Test
  void readingIsTheInverseOfWriting() throws IOException {
    assertEquals(Trees.listing(tree()), Trees.listing(read(written(tree()))));
    assertEquals(Map.of(), Trees.listing(read(written(new FileTree()))));
    assertEquals(Map.of(), Trees.listing(read()));
  }

  @Test
  void theSameTreeMakesTheSameBytes() throws IOException {
    assertArrayEquals(written(tree()), written(tree()));
    assertEquals(0, written(tree()).length % 4);
  }

  @Test
  void cpioListsWhatWasWritten() throws Exception {
    Tool cpio = Tool.named("cpio", "cpio");
    Path archive = Files.write(directory.resolve("archive"), written(tree()));
    String list = cpio.run(directory, archive, "-itvn", "--quiet");
    String expected =
        """
        drwxr-xr-x   2 0        0               0 Jan  1  1980 dev
        crw-------   1 0        0          5,   1 Jan  1  1980 dev/console
        brw-rw----   1 0        0        254,   0 Jan  1  1980 dev/vda
        -rw-------   1 0        0               0 Jan  1  1980 empty
        -rwxr-xr-x   1 0        0             567 Jan  1  1980 init
        lrwxrwxrwx   1 0        0               7 Jan  1  1980 lib -> usr/lib
        drwxr-xr-x   4 0        0               0 Jan  1  1980 usr
        drwx--x--x   3 0        0               0 Jan  1  1980 usr/lib
        drwx------   2 0        0               0 Jan  1  1980 usr/lib/a
        -rw-r--r--   1 0        0               3 Oct  2  2096 usr/lib/a.so
        lrwxrwxrwx   1 0        0               4 Jan  1  1980 usr/lib/b.so -> a.so
        drwxr-xr-x   2 0        0               0 Jan  1  1980 usr/share
        -rws--x--x   1 0        0           70000 Jan  1  1980 usr/share/größer als sonst
        """;
    assertEquals(expected, list);
  }

  @Test
  void cpioUnpacksWhatWasWritten() throws Exception {
    Tool cpio = Tool.named("cpio", "cpio");
    FileTree tree = new FileTree();
    // Only root makes devices.
    tree()
        .nodes()
        .forEach(
            (path, node) -> {
              if (!(node instanceof Node.Device)) {
                tree.put(path, node);
              }
            });
    // Their bits beyond 0777 aren't seen through Java's attributes.
    tree.file("usr/share/größer als sonst", 0711, Content.of(Trees.noise(2, 70_000)));
    Path archive = Files.write(directory.resolve("archive"), written(tree));
    Path root = Files.createDirectory(directory.resolve("root"));
    cpio.run(root, archive, "-im", "--quiet", "--no-preserve-owner");
    assertEquals(Trees.listing(tree), Trees.listing(Trees.ofHost(root)));
  }

  @Test
  void whatCpioPacksIsRead() throws Exception {
    Tool cpio = Tool.named("cpio", "cpio");
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("etc/ssl"));
    Files.writeString(root.resolve("etc/hosts"), "127.0.0.1 localhost\n");
    Files.createSymbolicLink(root.resolve("etc/ssl/cert"), Path.of("../hosts"));
    // Links to one file: their bytes come with the last one.
    Files.createLink(root.resolve("etc/ssl/hosts"), root.resolve("etc/hosts"));
    Files.createLink(root.resolve("hosts"), root.resolve("etc/hosts"));
    Path names = directory.resolve("names");
    Files.writeString(
        names, ".\n./etc\n./etc/hosts\n./etc/ssl\netc/ssl/cert\n" + "etc/ssl/hosts\nhosts\n");
    for (String format : new String[] {"newc", "crc"}) {
      Path archive = directory.resolve(format);
      cpio.run(root, names, "-o", "--quiet", "-H", format, "-F", archive.toString());
      FileTree tree = CpioReader.read(Content.of(archive));
      assertEquals(Trees.listing(Trees.ofHost(root)), Trees.listing(tree), format);
    }
  }

  @Test
  void archivesAddUp() throws IOException {
    byte[] first = written(new FileTree().file("a", 0600, Trees.text("1")).symlink("b", "a"));
    byte[] second = written(new FileTree().file("a", 0644, Trees.text("2")).directory("c", 0700));
    FileTree expected =
        new FileTree().file("a", 0644, Trees.text("2")).symlink("b", "a").directory("c", 0700);
    assertEquals(
        Trees.listing(expected), Trees.listing(read(first, new byte[512], second, new byte[8])));
    assertEquals(Trees.listing(expected), Trees.listing(read(first, second)));
    assertRefused("no multiple of 4", first, new byte[3], second);
  }

  @Test
  void filesAreLeftWhereTheyAre() throws IOException {
    long size = 3L << 30;
    Path archive = directory.resolve("large");
    try (FileChannel out =
        FileChannel.open(archive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      header.write(new Header(1, 0100600, 1, 0, (int) size, 0, 0, 0, 0, 2).bytes());
      header.write(new byte[] {'a', 0});
      out.write(ByteBuffer.wrap(header.toByteArray()));
      // A hole.
      out.write(
          ByteBuffer.wrap(written(new FileTree().file("b", 0600, Trees.text("small")))),
          header.size() + size);
    }
    long start = System.nanoTime();
    FileTree tree = CpioReader.read(Content.of(archive));
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < 500, millis + " ms: all of it was read");
    assertTrue(
        tree.get("a") instanceof Node.RegularFile file && file.content().size() == size,
        "the size of a large file");
    assertEquals("small", text(tree, "b"));
  }

  @Test
  void whatTheFormatCannotHoldIsRefused() {
    String longest = "x".repeat(4096);
    assertUnwritable("4 GB", new FileTree().file("a", 0600, claiming(1L << 32)));
    assertUnwritable("a path of 4096 bytes", new FileTree().directory(longest, 0700));
    assertUnwritable("a name of 4096 bytes", new FileTree().symlink("a", longest));
    assertUnwritable("a name of 0 bytes", new FileTree().symlink("a", ""));
    assertUnwritable("end the archive", new FileTree().directory("TRAILER!!!", 0700));
    assertUnwritable("a/b: changed", new FileTree().file("a/b", 0600, claiming(5)));
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    byte[] good = written(new FileTree().file("a", 0600, Trees.text("1")));
    assertRefused("no header of a newc archive at byte 0", new byte[] {1}, new byte[200]);
    assertRefused("cut off", Arrays.copyOf(good, 50));
    assertRefused("past the end", Arrays.copyOf(good, 112));
    assertRefused("not a hexadecimal digit at byte 53", with(good, 53, 'g'));
    assertRefused("no header of a newc archive at byte 116", with(good, 117, '8'));
    assertRefused("doesn't end", with(good, 111, 'b'));
    // A FIFO.
    assertRefused("neither file", with(good, 18, '1'));
    assertRefused(
        "a name of 4294967042 bytes",
        with(with(good, 94, 'F', 'F', 'F', 'F', 'F', 'F'), 100, '0', '2'));
    FileTree nothingAbove = new FileTree().directory("b", 0700).file("b/a", 0600, Trees.text("1"));
    byte[] orphan = written(nothingAbove);
    assertRefused("the directory it is in", Arrays.copyOfRange(orphan, 112, orphan.length));
    assertRefused("not a path", replaced(orphan, "b/a", "../"));
    assertRefused(
        "is a directory that holds files", orphan, written(new FileTree().symlink("b", "a")));
  }

  @Test
  void damagedArchivesAreReadOrRefused() throws Exception {
    byte[] archive = written(tree());
    Fuzz.run(
        archive,
        bytes -> {
          FileTree tree = read(bytes);
          assertTrue(Trees.listing(tree).size() <= bytes.length / Header.SIZE);
        });
  }

  private static byte[] with(byte[] bytes, int at, int... values) {
    byte[] result = bytes.clone();
    for (int i = 0; i < values.length; i++) {
      result[at + i] = (byte) values[i];
    }
    return result;
  }

  private static byte[] replaced(byte[] bytes, String what, String by) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace(what, by).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void assertRefused(String message, byte[]... archives) {
    IOException e = assertThrows(IOException.class, () -> read(archives));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  private static void assertUnwritable(String message, FileTree tree) {
    IOException e =
        assertThrows(
            IOException.class, () -> CpioWriter.write(tree, OutputStream.nullOutputStream()));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  private static String text(FileTree tree, String path) throws IOException {
    return new String(
        ((Node.RegularFile) tree.get(path)).content().bytes(), StandardCharsets.UTF_8);
  }

  /** One byte that says it is so many. */
  private static Content claiming(long size) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(new byte[1]);
      }
    };
  }
}

package dev.husk.image.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that others write, the sound and the hostile. */
final class TarIndexTest {

  private static final int RECORD = 512;

  @TempDir private Path directory;

  @Test
  void pathsAreRelativeToTheRoot() throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.entry("./", TarConstants.LF_DIR, "");
    tar.entry("./etc/", TarConstants.LF_DIR, "");
    tar.file("./etc//passwd", "root");
    tar.file("/absolute", "here");
    assertEquals(Set.of("etc", "etc/passwd", "absolute"), read(tar.bytes()).nodes().keySet());
  }

  @Test
  void hardLinkIsTheFile() throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.file("a", "content");
    tar.entry("b", TarConstants.LF_LINK, "./a");
    FileTree tree = read(tar.bytes());
    assertSame(tree.get("a"), tree.get("b"));
  }

  @Test
  void devicesAreReadAndPipesPassedOver() throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.entry("dev/null", TarConstants.LF_CHR, "");
    tar.entry("pipe", TarConstants.LF_FIFO, "");
    FileTree tree = read(tar.bytes());
    assertEquals(Set.of("dev", "dev/null"), tree.nodes().keySet());
    assertTrue(tree.get("dev/null") instanceof Node.Device device && !device.block());
  }

  @Test
  void pathThatLeavesTheRootIsRefused() throws IOException {
    for (String path : new String[] {"../x", "a/../../x", "a/..", "/.."}) {
      TarBuilder tar = new TarBuilder();
      tar.file(path, "x");
      assertTrue(fails(tar.bytes()).contains("isn't inside"));
    }
    TarBuilder tar = new TarBuilder();
    tar.entry("link", TarConstants.LF_LINK, "../../etc/shadow");
    assertTrue(fails(tar.bytes()).contains("isn't inside"));
  }

  @Test
  void fileUnderAFileOrALinkIsRefused() throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.entry("a", TarConstants.LF_SYMLINK, "/etc");
    tar.file("a/passwd", "x");
    assertTrue(fails(tar.bytes()).contains("a is not a directory"));
  }

  @Test
  void linkToNothingIsRefused() throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.entry("link", TarConstants.LF_LINK, "nothing");
    assertTrue(fails(tar.bytes()).contains("isn't there"));
  }

  @Test
  void veryLongPathIsRefused() throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.file("a/".repeat(3000) + "b", "x");
    assertTrue(fails(tar.bytes()).contains("6001 characters"));
  }

  @Test
  void veryLongHeadersAreRefused() throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tar.write(header(TarConstants.LF_GNUTYPE_LONGNAME, "00001000000"));
    tar.write(new byte[1 << 18]);
    assertTrue(fails(tar.toByteArray()).contains("bytes of headers"));
  }

  /** The library calls itself for each. */
  @Test
  void endlessChainOfHeadersIsRefused() throws IOException {
    byte[] header = header(TarConstants.LF_GNUTYPE_LONGNAME, "00000000000");
    ByteArrayOutputStream chain = new ByteArrayOutputStream();
    for (int i = 0; i < 100_000; i++) {
      chain.write(header);
    }
    assertTrue(fails(chain.toByteArray()).contains("bytes of headers"));
    // The same as what claims to be the content of a directory, which has none.
    ByteArrayOutputStream hidden = new ByteArrayOutputStream();
    hidden.write(header(TarConstants.LF_DIR, "77777777777"));
    hidden.write(chain.toByteArray());
    assertTrue(fails(hidden.toByteArray()).contains("bytes of headers"));
  }

  /** A header with a size in octal digits, whatever follows it. */
  private static byte[] header(byte type, String size) throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.entry("x", type, "");
    byte[] header = Arrays.copyOf(tar.bytes(), RECORD);
    System.arraycopy(size.getBytes(StandardCharsets.US_ASCII), 0, header, 124, size.length());
    sum(header, 0);
    return header;
  }

  @Test
  void fileThatIsLongerThanItsArchiveIsRefused() throws IOException {
    TarBuilder tar = new TarBuilder();
    tar.file("a", "x".repeat(2000));
    assertTrue(fails(Arrays.copyOf(tar.bytes(), 1500)).contains("ends before a does"));
  }

  /** Damages sound archives; all that may happen is an IOException. */
  @Test
  void anyDamageIsAnIoException() throws Exception {
    byte[] sound = LayerTarTest.tar(Samples.jvm(), 0);
    Fuzz.run(random -> read(damage(sound, random)));
  }

  private static byte[] damage(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int record = random.nextInt(bytes.length / RECORD) * RECORD;
      switch (random.nextInt(4)) {
        case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        case 1 -> bytes[record + random.nextInt(RECORD)] ^= (byte) (1 << random.nextInt(8));
        // A field of the header: size, type, name.
        case 2 -> bytes[record + 124 + random.nextInt(33)] = (byte) ('0' + random.nextInt(80));
        default -> {
          int other = random.nextInt(bytes.length / RECORD) * RECORD;
          System.arraycopy(sound, other, bytes, record, RECORD);
        }
      }
      if (random.nextInt(4) != 0) {
        sum(bytes, record);
      }
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  /** Makes a header's checksum right, so that the reader looks at the rest. */
  private static void sum(byte[] bytes, int record) {
    Arrays.fill(bytes, record + 148, record + 156, (byte) ' ');
    int sum = 0;
    for (int i = record; i < record + RECORD; i++) {
      sum += bytes[i] & 0xff;
    }
    byte[] digits = "%06o\0".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, bytes, record + 148, digits.length);
  }

  private String fails(byte[] tar) {
    return String.valueOf(assertThrows(IOException.class, () -> read(tar)).getMessage());
  }

  /** Reads all contents too, since they can't be read later. */
  private FileTree read(byte[] tar) throws IOException {
    Path file = directory.resolve("it.tar");
    Files.write(file, tar);
    try (FileChannel channel = FileChannel.open(file)) {
      FileTree tree = TarIndex.read("it", channel);
      for (Node node : tree.nodes().values()) {
        if (node instanceof Node.RegularFile regular) {
          try (InputStream in = regular.content().open()) {
            assertEquals(regular.content().size(), in.readAllBytes().length);
          }
        }
      }
      return tree;
    }
  }

  /** Writes what our own writer wouldn't. */
  private static final class TarBuilder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");

    TarBuilder() {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    void entry(String name, byte type, String target) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
      entry.setLinkName(target);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }

    void file(String name, String content) throws IOException {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }

    byte[] bytes() throws IOException {
      tar.finish();
      return out.toByteArray();
    }
  }
}

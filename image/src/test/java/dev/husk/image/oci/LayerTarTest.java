package dev.husk.image.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayerTarTest {

  @TempDir private Path directory;

  @Test
  void sameTreeMakesSameBytes() throws IOException {
    assertArrayEquals(tar(Samples.jvm(), 0), tar(Samples.jvm(), 0));
  }

  @Test
  void gnuTarReadsIt() throws Exception {
    Path file = directory.resolve("layer.tar");
    Files.write(file, tar(Samples.jvm(), 107));
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder("tar", "-tvf", file.toString(), "--numeric-owner", "--utc")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    process.getOutputStream().close();
    int status = process.waitFor();
    String listing = Files.readString(out).replaceAll(" +", " ");
    assertEquals(0, status, listing);
    for (String line :
        new String[] {
          "drwxr-xr-x 107/108 0 1980-01-01 00:00 java/\n",
          "-rwxr-xr-x 107/108 21 1980-01-01 00:00 java/bin/java\n",
          "lrwxrwxrwx 107/108 0 1980-01-01 00:00 java/lib/link -> ../bin/java\n",
          "java/lib/long -> ../" + "x".repeat(200) + "\n",
          "drwxrwxrwt 107/108 0 1980-01-01 00:00 tmp/\n",
          "2096-10-02 07:06 opt/",
          "-rws--x--x 107/108 4 1980-01-01 00:00 " + Samples.LONG_PATH + "\n",
        }) {
      assertTrue(listing.contains(line), listing);
    }
    assertTrue(!listing.contains("null"), "a device is in it");
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = directory.resolve("layer.tar");
    Files.write(file, tar(Samples.jvm(), 0));
    try (FileChannel channel = FileChannel.open(file)) {
      FileTree read = TarIndex.read("it", channel);
      assertEquals(Samples.packedContents(Samples.jvm()), Samples.contents(read));
    }
  }

  @Test
  void fileThatChangesWhileItIsWrittenIsAnError() {
    for (int change : new int[] {-1, 1}) {
      Content changing =
          new Content() {
            @Override
            public long size() {
              return 10;
            }

            @Override
            public InputStream open() {
              return new ByteArrayInputStream(new byte[10 + change]);
            }
          };
      FileTree tree = new FileTree().file("file", 0644, changing);
      assertThrows(IOException.class, () -> tar(tree, 0));
    }
  }

  @Test
  void nameThatMeansADeletionIsRefused() {
    FileTree tree = new FileTree().file("app/.wh.file", 0644, Samples.text(""));
    IOException e = assertThrows(IOException.class, () -> tar(tree, 0));
    assertTrue(e.getMessage().contains("app/.wh.file"), e.getMessage());
  }

  static byte[] tar(FileTree tree, int owner) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LayerTar.write(tree, owner, owner == 0 ? 0 : owner + 1, out);
    return out.toByteArray();
  }
}

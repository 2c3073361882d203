package dev.husk.image.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SliceTest {
  private static final Content WHOLE = Content.of(new byte[] {0, 1, 2, 3, -4, 5});

  @Test
  void aPartIsRead() throws IOException {
    assertArrayEquals(new byte[] {2, 3, -4}, new Slice(WHOLE, 2, 3).bytes());
    assertArrayEquals(new byte[] {3}, new Slice(new Slice(WHOLE, 2, 3), 1, 1).bytes());
    assertArrayEquals(new byte[0], new Slice(WHOLE, 6, 0).bytes());
  }

  @Test
  void aPartIsSkippedAndReadByteByByte() throws IOException {
    try (InputStream in = new Slice(WHOLE, 2, 3).open()) {
      assertEquals(2, in.skip(2));
      assertEquals(0xfc, in.read());
      assertEquals(0, in.skip(5));
      assertEquals(-1, in.read());
    }
  }

  @Test
  void aPartLiesWithinTheWhole() {
    assertThrows(IllegalArgumentException.class, () -> new Slice(WHOLE, 4, 3));
    assertThrows(IllegalArgumentException.class, () -> new Slice(WHOLE, -1, 3));
    assertThrows(IllegalArgumentException.class, () -> new Slice(WHOLE, Long.MAX_VALUE, 1));
    assertThrows(IllegalArgumentException.class, () -> new Slice(WHOLE, 1, Long.MAX_VALUE));
  }

  @Test
  void aFileThatShrankIsNoticed(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[10]);
    Content part = new Slice(Content.of(file), 8, 2);
    Files.write(file, new byte[5]);
    assertThrows(EOFException.class, part::open);
  }
}

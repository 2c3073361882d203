package dev.husk.image.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class ContentTest {
  private static final Content DIGITS = Content.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});

  @Test
  void aPartIsReadLikeAnyOther() throws IOException {
    Content part = DIGITS.part(2, 5);
    assertEquals(5, part.size());
    assertArrayEquals(new byte[] {2, 3, 4, 5, 6}, part.bytes());
    assertArrayEquals(new byte[] {3, 4}, part.part(1, 2).bytes());
    assertArrayEquals(new byte[0], DIGITS.part(10, 0).bytes());
    try (InputStream in = part.open()) {
      assertEquals(3, in.skip(3));
      assertEquals(5, in.read());
      assertEquals(1, in.available());
      assertEquals(1, in.skip(100));
      assertEquals(-1, in.read());
      assertEquals(-1, in.read(new byte[3]));
      assertEquals(0, in.read(new byte[0]));
    }
  }

  @Test
  void aPartIsWithinTheWhole() {
    assertThrows(IndexOutOfBoundsException.class, () -> DIGITS.part(8, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> DIGITS.part(-1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> DIGITS.part(3, Long.MAX_VALUE));
  }

  @Test
  void bytesThatAreMissingAreNoticed() throws IOException {
    assertThrows(EOFException.class, () -> lying(20).part(5, 10).bytes());
    assertThrows(EOFException.class, () -> lying(20).part(15, 1).bytes());
    try (InputStream in = lying(20).part(9, 2).open()) {
      assertEquals(9, in.read());
      assertThrows(EOFException.class, in::read);
    }
  }

  @Test
  void aSizeThatIsNotTrueIsNoticed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DIGITS.writeTo(out);
    assertArrayEquals(DIGITS.bytes(), out.toByteArray());
    assertThrows(IOException.class, () -> lying(11).writeTo(OutputStream.nullOutputStream()));
    assertThrows(IOException.class, () -> lying(9).writeTo(OutputStream.nullOutputStream()));
  }

  /** Ten bytes that say they are another number. */
  private static Content lying(long size) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
      }
    };
  }
}

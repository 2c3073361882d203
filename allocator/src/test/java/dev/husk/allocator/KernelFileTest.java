package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelFileTest {
  @TempDir Path directory;

  @Test
  void readsWhatThereIs() throws IOException {
    assertNotNull(KernelFile.read("/proc/self/status"));
    assertNull(KernelFile.read("/proc/self/nothing"));
    assertNull(KernelFile.read("/proc/self"));
    for (int length : new int[] {0, 1, 4095, 4096, 4097, 100_000}) {
      Path file = directory.resolve("text");
      Files.writeString(file, "x".repeat(length));
      assertEquals("x".repeat(length), KernelFile.read(file.toString()));
    }
    Path endless = directory.resolve("endless");
    Files.writeString(endless, "x".repeat(2 << 20));
    assertNull(KernelFile.read(endless.toString()));
  }

  @Test
  void numbers() {
    assertEquals(0, KernelFile.number("0\n"));
    assertEquals(12, KernelFile.number(" 12 \n"));
    assertEquals(Long.MAX_VALUE, KernelFile.number("9223372036854775807"));
    for (String odd : new String[] {"", "\n", "max", "-1", "1 2", "0x1", "9223372036854775808"}) {
      assertEquals(-1, KernelFile.number(odd), odd);
    }
    assertEquals(-1, KernelFile.number(null));
  }

  @Test
  void numbersByName() {
    String text = "anon 1\nfile_x 2\nfile 3\nlast 4";
    assertEquals(1, KernelFile.number(text, "anon"));
    assertEquals(3, KernelFile.number(text, "file"));
    assertEquals(4, KernelFile.number(text, "last"));
    assertEquals(-1, KernelFile.number(text, "ano"));
    assertEquals(-1, KernelFile.number(text, "none"));
    assertEquals(-1, KernelFile.number("", "none"));
    assertEquals(-1, KernelFile.number(null, "none"));
    assertEquals(-1, KernelFile.number("anon", "anon"));
  }
}

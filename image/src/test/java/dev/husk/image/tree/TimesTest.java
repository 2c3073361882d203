package dev.husk.image.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The times of files in a tree. */
final class TimesTest {
  @TempDir private Path folder;

  @Test
  void areWholeSecondsThatAllFormatsHave() throws IOException {
    Path file = Files.writeString(folder.resolve("page"), "page");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-05-06T07:08:09.9Z")));
    assertEquals(Instant.parse("2024-05-06T07:08:09Z").getEpochSecond(), Times.OWN.of(file));
    assertEquals(FileTree.TIME, Times.CONSTANT.of(file));
    assertEquals(0, Times.own(-1, null));
    assertEquals(0xFFFF_FFFFL, Times.own(1L << 32, null));
  }

  @Test
  void areNotAfterSourceDateEpoch() throws IOException {
    assertEquals(1_000, Times.own(1_000, "2000"));
    assertEquals(2_000, Times.own(3_000, "2000"));
    assertEquals(3_000, Times.own(3_000, ""));
    IOException e = assertThrows(IOException.class, () -> Times.own(3_000, "yesterday"));
    assertTrue(e.getMessage().startsWith("SOURCE_DATE_EPOCH=yesterday: give"), e::getMessage);
  }
}

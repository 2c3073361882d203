package dev.husk.image.cache;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays in a cache, and what goes. */
final class CacheTest {
  @TempDir private Path folder;

  @Test
  void whatNobodyUsedForAMonthGoes() throws IOException {
    Path old = Files.createDirectories(folder.resolve("old/inside"));
    Files.writeString(old.resolve("file"), "x");
    Path used = Files.writeString(folder.resolve("used"), "x");
    Path fresh = Files.writeString(folder.resolve("fresh"), "x");
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    Files.setLastModifiedTime(folder.resolve("old"), longAgo);
    Files.setLastModifiedTime(used, longAgo);
    Cache.used(used);
    Cache.prune(folder);
    assertFalse(Files.exists(folder.resolve("old")));
    assertTrue(Files.exists(used));
    assertTrue(Files.exists(fresh));
  }
}

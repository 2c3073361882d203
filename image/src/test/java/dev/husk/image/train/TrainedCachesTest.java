package dev.husk.image.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AOT caches that are used again, and when. */
final class TrainedCachesTest {
  @TempDir private Path directory;

  private TrainedCaches caches() {
    return new TrainedCaches(directory.resolve("aot"));
  }

  private static FileTree tree(String text) {
    return new FileTree()
        .file("app/a.jar", 0644, Content.of(text.getBytes(UTF_8)))
        .symlink("lib", "usr/lib");
  }

  private static Trainer.Plan plan(String root, String option, @Nullable String command) {
    return new Trainer.Plan(
        Path.of(root),
        "/app",
        List.of(option, "-cp", "/app/a.jar"),
        List.of("a.Main"),
        Map.of("LANG", "C.UTF-8"),
        "/aot/app.aot",
        List.of("/"),
        command,
        Duration.ofSeconds(60));
  }

  @Test
  void whatATrainingDependsOnIsInItsName() throws IOException {
    String key = TrainedCaches.key(tree("a"), plan("/tmp/1", "-Xmx1g", null));
    assertEquals(key, TrainedCaches.key(tree("a"), plan("/tmp/2", "-Xmx1g", null)));
    Set<String> all = new HashSet<>(Set.of(key));
    all.add(TrainedCaches.key(tree("b"), plan("/tmp/1", "-Xmx1g", null)));
    all.add(TrainedCaches.key(tree("a"), plan("/tmp/1", "-Xmx2g", null)));
    all.add(TrainedCaches.key(tree("a").symlink("lib", "b"), plan("/tmp/1", "-Xmx1g", null)));
    all.add(TrainedCaches.key(tree("a").directory("tmp", 0777), plan("/tmp/1", "-Xmx1g", null)));
    byte[] a = "a".getBytes(UTF_8);
    FileTree later = tree("a").file("app/a.jar", 0644, Content.of(a), 1_700_000_000);
    all.add(TrainedCaches.key(later, plan("/tmp/1", "-Xmx1g", null)));
    assertEquals(6, all.size());
  }

  @Test
  void theTimeOfAPageMakesNoOtherTraining() throws IOException {
    byte[] page = "<p>".getBytes(UTF_8);
    FileTree first = tree("a").file("app/a.html", 0644, Content.of(page), 1_700_000_000);
    FileTree second = tree("a").file("app/a.html", 0644, Content.of(page), 1_700_000_001);
    assertEquals(
        TrainedCaches.key(first, plan("/tmp/1", "-Xmx1g", null)),
        TrainedCaches.key(second, plan("/tmp/1", "-Xmx1g", null)));
  }

  @Test
  void whatACommandDoesNobodyKnows() throws IOException {
    assertNull(TrainedCaches.key(tree("a"), plan("/tmp/1", "-Xmx1g", "./load.sh")));
  }

  @Test
  void whatIsKeptIsFound() throws IOException {
    assertNull(caches().find("k1"));
    byte[] cache = {1, 2, 3};
    caches().keep("k1", cache);
    assertArrayEquals(cache, caches().find("k1"));
    assertNull(caches().find("k2"));
  }

  @Test
  void whatIsDamagedIsForgotten() throws IOException {
    byte[] cache = new byte[1000];
    caches().keep("k1", cache);
    Path entry = entries().getFirst();
    Files.write(entry, Arrays.copyOf(cache, 999));
    assertNull(caches().find("k1"));
    assertEquals(List.of(), entries());
    caches().keep("k1", cache);
    assertNotNull(caches().find("k1"));
    assertNotEquals(List.of(), entries());
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("aot"))) {
      return all.toList();
    }
  }
}

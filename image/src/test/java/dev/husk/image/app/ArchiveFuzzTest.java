package dev.husk.image.app;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar with some bytes changed: each reads, or ends in an IOException. */
final class ArchiveFuzzTest {
  @TempDir Path scratch;

  @Test
  void onlyExceptionsOfInputComeOfBrokenJars() throws IOException {
    Duration time = Boolean.getBoolean("husk.long") ? Duration.ofMinutes(2) : Duration.ofSeconds(2);
    Map<String, byte[]> classes =
        TestJars.compile(
            scratch, "package a; public class Main { public static void main(String[] args) {} }");
    byte[] seed =
        TestJars.jarBytes(
            scratch,
            Map.of("Main-Class", "a.Main", "Multi-Release", "true"),
            TestJars.all(
                classes, TestJars.text("META-INF/versions/9/a/b.txt", "some text, some text")));
    long end = System.nanoTime() + time.toNanos();
    int read = 0;
    int refused = 0;
    for (long number = 0; System.nanoTime() < end; number++) {
      byte[] bytes = mutated(seed, new Random(number));
      if (reads(number, bytes)) {
        read++;
      } else {
        refused++;
      }
    }
    assertTrue(read > 20 && refused > 20, read + " read, " + refused + " refused");
  }

  private static boolean reads(long seed, byte[] bytes) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try (Archive archive = Archive.open("fuzzed.jar", Content.of(bytes))) {
            for (String entry : archive.effective().values()) {
              archive.read(entry, 1 << 20);
            }
            return true;
          } catch (IOException e) {
            return false;
          } catch (RuntimeException | OutOfMemoryError e) {
            return fail("seed " + seed, e);
          }
        },
        () -> "seed " + seed);
  }

  private static byte[] mutated(byte[] seed, Random random) {
    byte[] bytes =
        random.nextInt(20) == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length)) : seed.clone();
    for (int i = random.nextInt(5); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }
}

package dev.husk.image.app;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.tree.Content;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar with some bytes changed: each reads, or ends in an IOException. */
final class ArchiveFuzzTest {
  @TempDir Path scratch;

  @Test
  void onlyExceptionsOfInputComeOfBrokenJars() throws Exception {
    Map<String, byte[]> classes =
        TestJars.compile(
            scratch, "package a; public class Main { public static void main(String[] args) {} }");
    byte[] seed =
        TestJars.jarBytes(
            scratch,
            Map.of("Main-Class", "a.Main", "Multi-Release", "true"),
            TestJars.all(
                classes, TestJars.text("META-INF/versions/9/a/b.txt", "some text, some text")));
    Fuzz.run(
        random -> {
          Content jar = Content.of(mutated(seed, random));
          try (Archive archive = Archive.open("fuzzed.jar", jar)) {
            for (String entry : archive.effective().values()) {
              archive.read(entry, 1 << 20);
            }
          }
        });
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

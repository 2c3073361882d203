package dev.husk.image.oci;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.tree.Content;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages the documents of an image; all that may happen is an IOException. */
final class DocumentFuzzTest {

  private static final List<String> PIECES =
      List.of("null", "[]", "{}", "-1", "1e400", "\"\"", "\"..\"", "true", "\"\\u0000\"", ",");

  @TempDir private Path directory;

  @Test
  void anyDamageIsAnIoException() throws Exception {
    PackedImage image = Samples.image("hello").pack(new LayerCache(directory.resolve("cache")));
    Path layout = directory.resolve("layout");
    image.writeLayout(layout, ImageName.of("shop"));
    Path index = layout.resolve("index.json");
    String soundIndex = Files.readString(index);
    String soundConfig =
        new String(Documents.config(Samples.config(), image.layers()), StandardCharsets.UTF_8);
    Fuzz.run(
        random -> {
          if (random.nextBoolean()) {
            Files.writeString(index, damage(soundIndex, random));
            StoredImage.open(layout).close();
          } else {
            byte[] config = damage(soundConfig, random).getBytes(StandardCharsets.UTF_8);
            Documents.readConfig(Json.read("config", Content.of(config)));
          }
        });
  }

  private static String damage(String sound, Random random) {
    StringBuilder text = new StringBuilder(sound);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(128));
        case 1 -> {
          // A value, up to what ends it, becomes another one.
          int colon = text.indexOf(":", at);
          int end = text.indexOf(",", Math.max(colon, 0));
          if (colon >= 0 && end >= 0) {
            text.replace(colon + 1, end, PIECES.get(random.nextInt(PIECES.size())));
          }
        }
        default -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
      }
    }
    return text.toString();
  }
}

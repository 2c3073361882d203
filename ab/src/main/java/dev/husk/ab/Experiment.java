package dev.husk.ab;

import dev.husk.ab.host.Launch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run.
 *
 * @param title the app in a few words
 * @param command the app's command; for an image what follows its name
 * @param image a container image with app and JDK, or null
 * @param variants at least one; the first is what the others are compared with
 * @param rounds how often each variant is measured
 * @param plan how
 * @param agent Husk's jar
 * @param limits what the app may use
 * @param environment environment variables of all variants
 * @param volumes of containers, {@code host:container[:ro]}
 * @param directory where logs and reports go
 * @param seed what the order within the rounds is drawn with
 * @param repeat the command that repeats the run, word by word
 */
public record Experiment(
    String title,
    List<String> command,
    @Nullable String image,
    List<Variant> variants,
    int rounds,
    Plan plan,
    Path agent,
    Launch.Limits limits,
    Map<String, String> environment,
    List<String> volumes,
    Path directory,
    long seed,
    List<String> repeat) {

  /** Checks that it can be run; the message of the exception says what can't. */
  public Experiment {
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("an A/B run needs a variant");
    }
    if (variants.stream().map(Variant::name).distinct().count() != variants.size()) {
      throw new IllegalArgumentException("two variants have the same name");
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("an A/B run has at least one round");
    }
    if (image == null && command.isEmpty()) {
      throw new IllegalArgumentException("there is neither a command nor an image");
    }
  }

  /** The app's command or image in one line. */
  public String describeApp() {
    String words = String.join(" ", command);
    return image == null ? words : (image + " " + words).strip();
  }
}

package dev.husk.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells a difference between the sides from a case that a busy machine disturbed on one of them.
 *
 * <p>A case that differed runs again by itself, {@link #TIMES} times on both sides. It counts when
 * it differs in one of them; else it is listed, for {@code ./verify} to print, as a case that
 * differed once. Long runs take every difference at its word.
 */
final class Again {
  /** What {@code ./verify} prints at its end. */
  private static final Path ONCE = Path.of("target", "behaviour", "once.txt");

  private static final int TIMES = 4;

  private Again() {}

  /** Runs one case of a program on a side. */
  @FunctionalInterface
  interface Run {
    Transcript on(Side side, String only) throws Exception;
  }

  /** The differences, each behind its case's name and a colon, that show again. */
  static List<String> lasting(List<String> differences, Side side, Run run) throws Exception {
    return lasting(differences, side, run, Again::list);
  }

  /** The same, with what becomes of the others. */
  static List<String> lasting(List<String> differences, Side side, Run run, Consumer<String> others)
      throws Exception {
    List<String> lasting = new ArrayList<>();
    for (String difference : differences) {
      String name = difference.substring(0, difference.indexOf(':'));
      // What isn't a case, as the JVM's exit, can't be run by itself.
      if (Boolean.getBoolean("husk.long")
          || name.startsWith("~")
          || difference.contains("known to differ")
          || differs(name, side, run)) {
        lasting.add(difference);
      } else {
        others.accept(side + " " + difference);
      }
    }
    return lasting;
  }

  private static boolean differs(String name, Side side, Run run) throws Exception {
    for (int i = 0; i < TIMES; i++) {
      Transcript stock = run.on(Side.STOCK, name);
      Transcript husk = run.on(side, name);
      if (!stock.differences(husk).isEmpty() || !stock.entries().containsKey(name)) {
        return true;
      }
    }
    return false;
  }

  private static void list(String difference) {
    try {
      Files.createDirectories(ONCE.getParent());
      Files.writeString(
          ONCE, difference + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

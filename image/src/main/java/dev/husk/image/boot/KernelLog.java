package dev.husk.image.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a guest's kernel, which {@code husk boot} gets through a serial port of their own:
 * the console is the terminal's, and the app writes to it, too. A kernel that is told to be quiet
 * says there what went wrong and little else, from its first moment on.
 */
public final class KernelLog {
  /**
   * For the kernel's command line. Not a console in the usual way: the kernel has one on all serial
   * ports together, which is the app's, and has it too late for what goes wrong first.
   */
  static final String WORDS = "earlyprintk=ttyS1,keep";

  /** No more is looked at: a kernel may complain for as long as it runs. */
  private static final int MOST_BYTES = 1 << 20;

  private static final Pattern PANIC =
      Pattern.compile("Kernel panic - not syncing: (.*)|PANIC: (early exception .*)");

  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("Out of memory: Killed process \\d+ \\((.*?)\\)");

  private final String text;

  KernelLog(String text) {
    this.text = text;
  }

  static KernelLog read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new KernelLog("");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new KernelLog(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    }
  }

  /** Why it panicked, in its own words; empty where it didn't. */
  public Optional<String> panic() {
    Matcher matcher = PANIC.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    return Optional.of((matcher.group(1) == null ? matcher.group(2) : matcher.group(1)).strip());
  }

  /** The process that it has killed when there was no memory left; empty where it hasn't. */
  public Optional<String> outOfMemory() {
    Matcher matcher = OUT_OF_MEMORY.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}

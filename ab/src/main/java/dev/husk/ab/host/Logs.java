package dev.husk.ab.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The files that an app's start leaves in its directory. */
final class Logs {
  /** What the app writes. */
  static final String APP = "app.log";

  /** What its JVMs write about garbage collection; {@code %p} becomes the number of the process. */
  static final String GC = "gc-%p.log";

  private static final int SHOWN_LINES = 15;
  private static final int SHOWN_BYTES = 65_536;

  /** Lines that take the room from those that say what was wrong. */
  private static final Pattern FRAME =
      Pattern.compile("\\s+at [^ ]+\\(.*\\).*|\\s+\\.\\.\\. \\d+ (more|common frames omitted)");

  private Logs() {}

  /**
   * The end of a log without the frames of stack traces, to be put behind a message; "" when it is
   * empty or not there.
   */
  static String tail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - SHOWN_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      List<String> lines = all.stream().filter(line -> !FRAME.matcher(line).matches()).toList();
      List<String> end = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
      String more = from > 0 || end.size() < all.size() ? " (all of it is in " + log + ")" : "";
      return end.isEmpty() ? "" : "; it said" + more + ":\n  " + String.join("\n  ", end);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The log of garbage collection in a directory. A script may start several JVMs, such as one that
   * looks at its version: the one that wrote last counts.
   */
  static Path gc(Path directory) {
    Path found = directory.resolve("gc.log");
    long newest = Long.MIN_VALUE;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "gc-*.log")) {
      for (Path file : files) {
        long time = Files.getLastModifiedTime(file).toMillis();
        if (time >= newest) {
          newest = time;
          found = file;
        }
      }
    } catch (IOException e) {
      // None then: its reader says so.
    }
    return found;
  }

  /** Received bytes of the loopback device in {@code /proc/PID/net/dev}; -1 without one. */
  static long loopbackBytes(List<String> lines) {
    for (String line : lines) {
      String text = line.strip();
      if (text.startsWith("lo:")) {
        return Long.parseLong(text.substring(3).strip().split("\\s+")[0]);
      }
    }
    return -1;
  }

  /** The same of a process, -1 when it has ended. */
  static long loopbackBytes(long pid) {
    try {
      return loopbackBytes(Files.readAllLines(Path.of("/proc/" + pid + "/net/dev")));
    } catch (IOException e) {
      return -1;
    }
  }
}

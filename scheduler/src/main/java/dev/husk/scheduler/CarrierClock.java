package dev.husk.scheduler;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of one carrier: for how long it has been on a processor, and whether it
 * would be if there were one (proc(5): {@code schedstat}, {@code stat}). Read by the {@link
 * SliceMonitor} alone.
 */
final class CarrierClock {
  /** More than any of the two files' parts that are looked at. */
  private static final int BUFFER = 128;

  private final String directory;
  private final byte[] bytes = new byte[BUFFER];

  private CarrierClock(String directory) {
    this.directory = directory;
  }

  /** The calling thread's; null where the kernel doesn't say. */
  static @Nullable CarrierClock ofThisThread() {
    try {
      // The link leads to /proc/<process>/task/<thread>.
      String directory = new File("/proc/thread-self").getCanonicalPath();
      return directory.contains("/task/") ? new CarrierClock(directory) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** How long it has been on a processor, ns; -1 where the kernel doesn't say. */
  long onProcessor() {
    int length = read("/schedstat");
    long nanos = length > 0 ? 0 : -1;
    for (int i = 0; i < length && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      nanos = nanos * 10 + (bytes[i] - '0');
    }
    return nanos;
  }

  /** Whether it is on a processor or waits for one, rather than for anything else. */
  boolean isRunnable() {
    int length = read("/stat");
    // The name is in parentheses, and has none of its own; the state follows.
    for (int i = 0; i + 2 < length; i++) {
      if (bytes[i] == ')') {
        return bytes[i + 2] == 'R';
      }
    }
    return false;
  }

  private int read(String file) {
    try (FileInputStream in = new FileInputStream(directory + file)) {
      return in.read(bytes, 0, BUFFER);
    } catch (IOException e) {
      return -1;
    }
  }
}

package dev.husk.image.init;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A directory whose files outlive the guest: there init mounts the ext4 file system that has this
 * label, on whichever disk it is.
 *
 * @param label of the file system (s_volume_name in its superblock), 1 to 16 bytes of ASCII
 * @param path where the app finds it, absolute
 */
public record DataDirectory(String label, String path) {
  static final int LABEL_BYTES = 16;

  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_.-]{1," + LABEL_BYTES + "}");

  /** Where a guest has something else. */
  private static final List<String> TAKEN =
      List.of(
          "/", "/app", "/java", "/aot", "/dev", "/proc", "/sys", "/run", "/tmp", "/lib", "/lib64",
          "/etc");

  /** Below these nothing can be mounted that stays visible, or useful. */
  private static final List<String> ROOTS = List.of("/dev/", "/proc/", "/sys/", "/java/", "/aot/");

  /** Checks both. */
  public DataDirectory {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no label: give up to %d letters, digits, dots, hyphens and underscores"
              .formatted(label, LABEL_BYTES));
    }
    Path normal = Path.of(path).normalize();
    boolean taken = TAKEN.contains(path) || ROOTS.stream().anyMatch(path::startsWith);
    if (!path.startsWith("/") || !normal.toString().equals(path) || taken) {
      throw new IllegalArgumentException(
          "\"%s\" is no directory for data: give an absolute one, such as /app/data"
              .formatted(path));
    }
  }

  /**
   * One from {@code PATH} or {@code LABEL:PATH}. Without a label it is the path's last name.
   *
   * @throws IllegalArgumentException if it isn't one, with what would be
   */
  public static DataDirectory parse(String text) {
    int colon = text.indexOf(':');
    if (colon >= 0) {
      return new DataDirectory(text.substring(0, colon), text.substring(colon + 1));
    }
    String name = text.substring(text.lastIndexOf('/') + 1);
    return new DataDirectory(name.isEmpty() ? "data" : name, text);
  }

  /** As {@link #parse} takes it. */
  @Override
  public String toString() {
    return label + ":" + path;
  }
}

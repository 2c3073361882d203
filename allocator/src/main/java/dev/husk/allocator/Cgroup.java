package dev.husk.allocator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control group that the process is in, as far as memory goes: how near its limit is, or that
 * of a group above it, and where the kernel tells of its pressure.
 *
 * <p>Reads files at each question, some ten microseconds each: for rare moments. What is odd in
 * them, or isn't there, is no limit.
 */
final class Cgroup {
  /** Beyond this it's version 1's way to say that there's no limit, bytes. */
  private static final long NO_LIMIT = 1L << 60;

  /** Its directories, its own first, then those above it as far as they are to be seen. */
  private final List<String> version2;

  private final List<String> version1;

  private Cgroup(List<String> version2, List<String> version1) {
    this.version2 = version2;
    this.version1 = version1;
  }

  /** The process's own. Looked for once: the mounts of a container don't change. */
  static Cgroup own() {
    return Own.GROUP;
  }

  private static final class Own {
    static final Cgroup GROUP =
        parse(KernelFile.read("/proc/self/cgroup"), KernelFile.read("/proc/self/mountinfo"));

    private Own() {}
  }

  /**
   * Finds the directories.
   *
   * @param groups as in {@code /proc/self/cgroup}
   * @param mounts as in {@code /proc/self/mountinfo}
   */
  static Cgroup parse(@Nullable String groups, @Nullable String mounts) {
    String path2 = null;
    String path1 = null;
    for (String line : lines(groups)) {
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      if (first >= 0 && second >= 0) {
        String controllers = line.substring(first + 1, second);
        if (controllers.isEmpty()) {
          path2 = line.substring(second + 1);
        } else if (isIn(controllers, "memory")) {
          path1 = line.substring(second + 1);
        }
      }
    }
    List<String> version2 = List.of();
    List<String> version1 = List.of();
    for (String line : lines(mounts)) {
      int dash = line.indexOf(" - ");
      if (dash < 0) {
        continue;
      }
      // id parent device root mount-point options [optional …] - type source options
      String[] before = line.substring(0, dash).split(" ", -1);
      String[] after = line.substring(dash + 3).split(" ", -1);
      if (before.length < 5 || after.length < 3) {
        continue;
      }
      String root = unescape(before[3]);
      String point = unescape(before[4]);
      if (after[0].equals("cgroup2") && path2 != null && version2.isEmpty()) {
        version2 = directories(root, point, path2);
      } else if (after[0].equals("cgroup")
          && path1 != null
          && version1.isEmpty()
          && isIn(after[2], "memory")) {
        version1 = directories(root, point, path1);
      }
    }
    return new Cgroup(version2, version1);
  }

  private static String[] lines(@Nullable String text) {
    return text == null ? new String[0] : text.split("\n", -1);
  }

  private static boolean isIn(String list, String word) {
    return ("," + list + ",").contains("," + word + ",");
  }

  /**
   * A group's directory and those above it.
   *
   * @param root the group that is mounted
   * @param point where it is mounted
   * @param path the process's group
   */
  private static List<String> directories(String root, String point, String path) {
    String below = "";
    if (root.equals("/")) {
      below = path;
    } else if (path.startsWith(root + "/")) {
      below = path.substring(root.length());
    }
    // In a namespace of its own, or moved since: what is mounted is all that is to be seen.
    if (!below.startsWith("/") || below.equals("/") || below.contains("/..")) {
      below = "";
    }
    List<String> found = new ArrayList<>();
    for (int end = below.length(); end > 0; end = below.lastIndexOf('/', end - 1)) {
      found.add(point + below.substring(0, end));
    }
    found.add(point);
    return found;
  }

  /** A path of one of the kernel's lists of mounts: blanks in it are octal numbers there. */
  static String unescape(String path) {
    if (path.indexOf('\\') < 0) {
      return path;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\' && i + 3 < path.length()) {
        int code = 0;
        for (int k = 1; k <= 3; k++) {
          code = code * 8 + (path.charAt(i + k) & 7);
        }
        out.append((char) code);
        i += 3;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /**
   * Whether the processes of the group, or of one above, would use more than nine tenths of its
   * limit with some more. Any thread. What the kernel can drop at once, since it is in a file and
   * nobody has read it lately, isn't counted.
   *
   * @param more bytes
   */
  boolean isNear(long more) {
    for (String directory : version2) {
      if (isNear(directory, "/memory.max", "/memory.current", "inactive_file", more)) {
        return true;
      }
    }
    for (String directory : version1) {
      if (isNear(
          directory,
          "/memory.limit_in_bytes",
          "/memory.usage_in_bytes",
          "total_inactive_file",
          more)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNear(
      String directory, String limitFile, String usageFile, String droppable, long more) {
    long limit = KernelFile.number(KernelFile.read(directory + limitFile));
    if (limit <= 0 || limit >= NO_LIMIT) {
      return false;
    }
    long usage = KernelFile.number(KernelFile.read(directory + usageFile));
    long room = limit - limit / 10 - more;
    if (usage < 0 || usage <= room) {
      return false;
    }
    // Slower to read, since the kernel sums it up over the processors.
    String statistics = KernelFile.read(directory + "/memory.stat");
    return usage - Math.max(0, KernelFile.number(statistics, droppable)) > room;
  }

  /** The files that tell of memory pressure: the group's own, where it has one, and all's. */
  List<String> pressureFiles() {
    List<String> files = new ArrayList<>();
    if (!version2.isEmpty()) {
      files.add(version2.get(0) + "/memory.pressure");
    }
    files.add("/proc/pressure/memory");
    return files;
  }

  /** For tests. */
  @Override
  public String toString() {
    return version2 + " " + version1;
  }
}

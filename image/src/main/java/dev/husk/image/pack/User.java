package dev.husk.image.pack;

import dev.husk.image.app.App;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who an app runs as in a container. Numbers, since a cluster that lets no root in (runAsNonRoot)
 * can't tell what a name stands for.
 *
 * @param uid the user's
 * @param gid the group's
 */
public record User(int uid, int gid) {
  static final String HOME_OF_ROOT = "/root";

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(?::([0-9]{1,9}))?");
  private static final int OWNER = 0700;

  /**
   * One from {@code UID} or {@code UID:GID}; without a group it is root's, as engines have it.
   *
   * @throws IllegalArgumentException if it isn't one, with what would be
   */
  public static User parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          text + ": give a user by number, such as 1000, or with a group, such as 1000:1000");
    }
    String group = parts.group(2);
    return new User(Integer.parseInt(parts.group(1)), group == null ? 0 : Integer.parseInt(group));
  }

  /** Whether it is root. */
  public boolean isRoot() {
    return uid == 0;
  }

  @Override
  public String toString() {
    return uid + ":" + gid;
  }

  /** Its home: the app's directory, but for root. */
  String home() {
    return isRoot() ? HOME_OF_ROOT : "/" + App.DIRECTORY;
  }

  /** Gives it a name in an image. */
  void addTo(FileTree files) {
    if (isRoot()) {
      return;
    }
    text(
        files,
        "etc/passwd",
        SystemFiles.PASSWD + "app:x:%d:%d::%s:/bin/false\n".formatted(uid, gid, home()));
    text(files, "etc/group", SystemFiles.GROUP + (gid == 0 ? "" : "app:x:%d:\n".formatted(gid)));
  }

  private static void text(FileTree files, String path, String text) {
    files.file(path, 0644, Content.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The same files, those of the app open to their group as to their owner: whoever a cluster has
   * it run as is in the group of root (OpenShift's "Support arbitrary user ids").
   */
  static FileTree openToGroup(FileTree files) {
    FileTree open = new FileTree();
    for (Map.Entry<String, Node> file : files.nodes().entrySet()) {
      String path = file.getKey();
      boolean ofApp = path.equals(App.DIRECTORY) || path.startsWith(App.DIRECTORY + "/");
      open.put(path, ofApp ? openToGroup(file.getValue()) : file.getValue());
    }
    return open;
  }

  private static Node openToGroup(Node node) {
    return switch (node) {
      case Node.Directory directory -> new Node.Directory(withGroup(directory.mode()));
      case Node.RegularFile file ->
          new Node.RegularFile(withGroup(file.mode()), file.content(), file.time());
      case Node.Symlink link -> link;
      case Node.Device device -> device;
    };
  }

  private static int withGroup(int mode) {
    return mode | (mode & OWNER) >> 3;
  }
}

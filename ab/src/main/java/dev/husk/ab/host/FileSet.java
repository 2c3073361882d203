package dev.husk.ab.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Files of this machine for an image, at the same paths there. Links stay links, and what they lead
 * to comes along. The same files give the same archive: sorted, with the files' own times, since a
 * JVM's archives of classes hold for jars of a certain time only, and 1970 for the rest.
 */
final class FileSet {
  private static final int MODE_BITS = 07777;
  private static final int LINKS_LIMIT = 40; // As the kernel's.

  private final Map<String, Item> items = new TreeMap<>();
  private final Set<Path> walked = new HashSet<>();

  private sealed interface Item {}

  private record Directory(int mode) implements Item {}

  private record Link(String target) implements Item {}

  private record Copy(Path source, int mode) implements Item {}

  private record Text(String content, int mode) implements Item {}

  /** Adds a file, or a directory without what is in it, and the way to it. */
  void add(Path path) throws IOException {
    resolve(path, 0);
  }

  /** Adds a file, or a directory with all that is in it. */
  void addTree(Path path, Predicate<Path> isWanted) throws IOException {
    Path real = resolve(path, 0);
    if (!Files.isDirectory(real) || !walked.add(real)) {
      return;
    }
    Files.walkFileTree(
        real,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (!isWanted.test(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            add(directory);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (isWanted.test(file) && (!attributes.isSymbolicLink() || Files.exists(file))) {
              addTree(file, isWanted);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Adds a directory that need not be on this machine. */
  void addDirectory(String path, int mode) {
    items.put(path, new Directory(mode));
  }

  /** Adds a file with a text. */
  void addText(String path, String content) {
    items.put(path, new Text(content, 0644));
  }

  /** Adds a file of this machine at another path. */
  void addCopy(String path, Path source) {
    items.put(path, new Copy(source, 0644));
  }

  /** Leaves out what another set has. */
  void removeAll(FileSet other) {
    items.keySet().removeAll(other.items.keySet());
  }

  /** The regular files of this machine in it. */
  Set<Path> files() {
    Set<Path> files = new java.util.LinkedHashSet<>();
    for (Item item : items.values()) {
      if (item instanceof Copy copy) {
        files.add(copy.source);
      }
    }
    return files;
  }

  /** Adds every step of the way to a path, and says where it leads to. */
  private Path resolve(Path path, int links) throws IOException {
    if (links > LINKS_LIMIT) {
      throw new IOException(path + ": too many links");
    }
    Path absolute = path.toAbsolutePath();
    Path at = absolute.getRoot();
    for (int i = 0; i < absolute.getNameCount(); i++) {
      String name = absolute.getName(i).toString();
      if (name.equals(".") || name.equals("..")) {
        at = name.equals("..") && at.getParent() != null ? at.getParent() : at;
        continue;
      }
      Path next = at.resolve(name);
      BasicFileAttributes attributes =
          Files.readAttributes(next, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        Path target = Files.readSymbolicLink(next);
        items.put(next.toString(), new Link(target.toString()));
        Path led = at.resolve(target);
        for (int j = i + 1; j < absolute.getNameCount(); j++) {
          led = led.resolve(absolute.getName(j));
        }
        return resolve(led, links + 1);
      }
      if (attributes.isDirectory()) {
        items.putIfAbsent(next.toString(), new Directory(mode(next)));
      } else if (attributes.isRegularFile()) {
        items.put(next.toString(), new Copy(next, mode(next)));
      }
      at = next;
    }
    return at;
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE_BITS;
  }

  /**
   * Writes all as a tar archive.
   *
   * @param user the number of the owner
   * @param group the number of the owner's group
   */
  void writeTar(OutputStream out, long user, long group) throws IOException {
    try (TarArchiveOutputStream tar = newTar(out)) {
      for (Map.Entry<String, Item> each : items.entrySet()) {
        String name = each.getKey().substring(1);
        switch (each.getValue()) {
          case Directory directory ->
              put(tar, entry(name + "/", directory.mode, 0, user, group), null);
          case Link link -> {
            TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(link.target);
            put(tar, own(entry, 0777, user, group), null);
          }
          case Copy copy -> {
            TarArchiveEntry entry = entry(name, copy.mode, Files.size(copy.source), user, group);
            entry.setModTime(Files.getLastModifiedTime(copy.source).to(TimeUnit.SECONDS) * 1000);
            put(tar, entry, target -> Files.copy(copy.source, target));
          }
          case Text text -> {
            byte[] bytes = text.content.getBytes(StandardCharsets.UTF_8);
            put(
                tar,
                entry(name, text.mode, bytes.length, user, group),
                target -> target.write(bytes));
          }
        }
      }
    }
  }

  /** An archive for names and sizes of any length. */
  static TarArchiveOutputStream newTar(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }

  /** Writes the content of an entry. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static TarArchiveEntry entry(String name, int mode, long size, long user, long group) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    return own(entry, mode, user, group);
  }

  private static TarArchiveEntry own(TarArchiveEntry entry, int mode, long user, long group) {
    entry.setMode(mode);
    entry.setIds(Math.toIntExact(user), Math.toIntExact(group));
    entry.setModTime(0);
    return entry;
  }

  private static void put(
      TarArchiveOutputStream tar,
      TarArchiveEntry entry,
      @org.jspecify.annotations.Nullable Content content)
      throws IOException {
    tar.putArchiveEntry(entry);
    if (content != null) {
      content.writeTo(tar);
    }
    tar.closeArchiveEntry();
  }
}

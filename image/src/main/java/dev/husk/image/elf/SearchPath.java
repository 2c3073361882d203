package dev.husk.image.elf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the dynamic linker of a system looks for libraries, besides what a file itself says.
 *
 * @param musl whether it is musl's; else glibc's
 * @param root the system's root directory; links in it are followed as this machine does
 * @param libraryPath {@code LD_LIBRARY_PATH}
 * @param configured directories that ld.so.conf names: glibc searches a cache of these. Empty for
 *     musl
 * @param defaults directories that the linker knows by itself, or for musl its path file
 */
public record SearchPath(
    boolean musl,
    Machine machine,
    Path root,
    List<Path> libraryPath,
    List<Path> configured,
    List<Path> defaults) {

  /** ldconfig itself has no limit and never ends when a file includes itself. */
  private static final int INCLUDES = 100;

  /** Whether a file was linked with musl, by its interpreter or the library it needs. */
  public static boolean isMusl(ElfFile file) {
    String interpreter = file.interpreter();
    return (interpreter != null && interpreter.contains("/ld-musl-"))
        || file.needed().stream().anyMatch(name -> name.startsWith("libc.musl-"));
  }

  /** As the system below a root is configured, for files like this one. */
  public static SearchPath of(Path root, ElfFile file) throws IOException {
    return isMusl(file) ? musl(root, file.machine()) : glibc(root, file.machine());
  }

  /**
   * As glibc does it, with the directories of /etc/ld.so.conf in their order. Directories for
   * certain CPUs (glibc-hwcaps) are left out, since an image may run on another one.
   */
  public static SearchPath glibc(Path root, Machine machine) throws IOException {
    Set<Path> configured = new LinkedHashSet<>();
    readConfiguration(root, root.resolve("etc/ld.so.conf"), configured, new ArrayList<>());
    List<Path> defaults = new ArrayList<>();
    // Debian's directories come first there, and don't exist elsewhere; those of 64-bit Fedora
    // next.
    for (String name : List.of("lib/" + machine.multiarch(), "lib64", "lib")) {
      defaults.add(root.resolve(name));
      defaults.add(root.resolve("usr").resolve(name));
    }
    return new SearchPath(
        false, machine, root, List.of(), List.copyOf(configured), List.copyOf(defaults));
  }

  /** As musl does it: by the directories in /etc/ld-musl-ARCH.path, or its three. */
  public static SearchPath musl(Path root, Machine machine) throws IOException {
    Path file = root.resolve("etc/ld-musl-" + machine.platform() + ".path");
    String path =
        Files.isRegularFile(file) ? Files.readString(file) : "/lib:/usr/local/lib:/usr/lib";
    List<Path> defaults = new ArrayList<>();
    for (String directory : path.split("[:\n]")) {
      if (directory.startsWith("/")) {
        defaults.add(below(root, directory));
      }
    }
    return new SearchPath(true, machine, root, List.of(), List.of(), List.copyOf(defaults));
  }

  /** The same with an {@code LD_LIBRARY_PATH}. */
  public SearchPath withLibraryPath(List<Path> libraryPath) {
    return new SearchPath(musl, machine, root, List.copyOf(libraryPath), configured, defaults);
  }

  /** A path of the system as one of this machine. */
  static Path below(Path root, String path) {
    int start = 0;
    while (start < path.length() && path.charAt(start) == '/') {
      start++;
    }
    return root.resolve(path.substring(start));
  }

  private static void readConfiguration(
      Path root, Path file, Set<Path> directories, List<Path> included) throws IOException {
    if (!Files.isRegularFile(file)) {
      return;
    }
    included.add(file);
    if (included.size() > INCLUDES) {
      throw new IOException(included.getFirst() + " includes more than " + INCLUDES + " files");
    }
    for (String line : Files.readAllLines(file)) {
      int comment = line.indexOf('#');
      String text = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (text.startsWith("include ") || text.startsWith("include\t")) {
        for (String pattern : text.substring("include".length()).strip().split("\\s+")) {
          for (Path match : matches(root, file, pattern)) {
            readConfiguration(root, match, directories, included);
          }
        }
      } else if (text.startsWith("/")) {
        directories.add(below(root, text));
      }
    }
  }

  /** The files that a pattern such as {@code /etc/ld.so.conf.d/*.conf} stands for, sorted. */
  private static List<Path> matches(Path root, Path file, String pattern) throws IOException {
    int slash = pattern.lastIndexOf('/');
    Path beside = file.resolveSibling(pattern.substring(0, Math.max(slash, 0)));
    Path directory = pattern.startsWith("/") ? below(root, pattern.substring(0, slash)) : beside;
    List<Path> matches = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(directory, pattern.substring(slash + 1))) {
        files.forEach(matches::add);
      }
    }
    matches.sort(null);
    return matches;
  }
}

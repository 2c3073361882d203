package dev.husk.image.pack;

import dev.husk.image.elf.NativeClosure;
import dev.husk.image.elf.NativeFile;
import dev.husk.image.elf.SearchPath;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a JVM finds around itself in an image: the C library, a few files of /etc, the time zone,
 * empty directories.
 */
final class SystemFiles {
  /** Those who are there in each image. */
  static final String PASSWD = "root:x:0:0:root:/root:/bin/false\n";

  /** Their groups. */
  static final String GROUP = "root:x:0:\n";

  private static final List<String> EMPTY = List.of("dev", "proc", "run", "sys");

  private static final String UTC = "usr/share/zoneinfo/Etc/UTC";

  private SystemFiles() {}

  /**
   * Adds them.
   *
   * @param home the linked JDK
   * @param libraries of this system, which the app's native code needs beside the JDK's
   */
  static void add(Path home, List<Path> libraries, FileTree tree) throws IOException {
    for (String directory : EMPTY) {
      tree.directory(directory, 0755);
    }
    tree.directory("tmp", 01777);
    tree.directory("var/tmp", 01777);
    // HOME of whoever a container runs as, who is in root's group unless somebody says otherwise.
    tree.directory("root", 0775);
    text(tree, "etc/passwd", PASSWD);
    text(tree, "etc/group", GROUP);
    text(tree, "etc/hosts", "127.0.0.1 localhost\n::1 localhost\n");
    text(tree, "etc/nsswitch.conf", "hosts: files dns\n");
    text(tree, "etc/resolv.conf", "");
    // Without it the JVM calls its time zone GMT, and not what a machine of that time does.
    tree.symlink("etc/localtime", "/" + UTC);
    Path zone = Path.of("/", UTC);
    if (Files.isRegularFile(zone)) {
      tree.file(UTC, 0644, Content.of(zone.toRealPath()));
    }
    for (NativeFile library : closure(home).added()) {
      Path path = library.path();
      if (path != null) {
        library(path, tree);
      }
    }
    for (Path path : libraries) {
      library(path, tree);
    }
  }

  /** Under the name that it was found by; what that is a link to doesn't matter. */
  private static void library(Path path, FileTree tree) throws IOException {
    tree.file(path.toString().substring(1), 0755, Content.of(path.toRealPath()));
  }

  private static NativeClosure closure(Path home) throws IOException {
    List<NativeFile> files = new ArrayList<>();
    files.add(NativeFile.of(home.resolve("bin/java")));
    try (Stream<Path> all = Files.walk(home.resolve("lib"))) {
      for (Path path : all.sorted().toList()) {
        if (path.toString().endsWith(".so") || path.endsWith("jspawnhelper")) {
          files.add(NativeFile.of(path));
        }
      }
    }
    return NativeClosure.of(files, SearchPath.of(Path.of("/"), files.getFirst().elf()));
  }

  private static void text(FileTree tree, String path, String text) {
    tree.file(path, 0644, Content.of(text.getBytes(StandardCharsets.UTF_8)));
  }
}

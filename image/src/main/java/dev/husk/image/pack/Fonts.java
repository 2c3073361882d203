package dev.husk.image.pack;

import dev.husk.image.elf.NativeClosure;
import dev.husk.image.elf.NativeFile;
import dev.husk.image.elf.SearchPath;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.Directories;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM asks for the fonts that are included: fontconfig, which it opens by its name when it
 * first draws text, and without which it draws none. Images without fonts have no use for it.
 */
final class Fonts {
  /** Where Debian's fontconfig looks. */
  private static final List<String> DIRECTORIES =
      List.of("usr/share/fonts/", "usr/local/share/fonts/");

  private static final List<String> CONFIGURATION = List.of("etc/fonts", "usr/share/fontconfig");
  private static final String LIBRARY = "libfontconfig.so.1";

  private Fonts() {}

  /**
   * Adds it.
   *
   * @param more the files that are included, the fonts among them
   * @param launcher of the JVM, whose system the library has to be of
   * @param system the root of the system that it is taken from
   * @return null, or what is missing
   */
  static @Nullable String add(FileTree more, Path launcher, Path system, FileTree tree)
      throws IOException {
    boolean none =
        more.nodes().keySet().stream()
            .noneMatch(path -> DIRECTORIES.stream().anyMatch(path::startsWith));
    if (none) {
      return null;
    }
    NativeFile java = NativeFile.of(launcher);
    SearchPath searchPath = SearchPath.of(system, java.elf());
    Path library =
        Stream.concat(searchPath.configured().stream(), searchPath.defaults().stream())
            .map(directory -> directory.resolve(LIBRARY))
            .filter(Files::isRegularFile)
            .findFirst()
            .orElse(null);
    if (library == null) {
      return "there is no " + LIBRARY + " here, so the app finds none of the fonts it includes";
    }
    NativeFile fontconfig = NativeFile.of(library);
    add(library, system, tree);
    for (NativeFile file : NativeClosure.of(List.of(java, fontconfig), searchPath).added()) {
      Path path = file.path();
      if (path != null) {
        add(path, system, tree);
      }
    }
    for (String directory : CONFIGURATION) {
      if (Files.isDirectory(system.resolve(directory))) {
        Directories.read(system.resolve(directory), directory, Times.CONSTANT, tree);
      }
    }
    return null;
  }

  private static void add(Path library, Path system, FileTree tree) throws IOException {
    tree.file(system.relativize(library).toString(), 0755, Content.of(library.toRealPath()));
  }
}

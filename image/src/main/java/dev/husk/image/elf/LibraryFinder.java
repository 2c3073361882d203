package dev.husk.image.elf;

import dev.husk.image.elf.NativeClosure.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the file of a DT_NEEDED as the dynamic linker does: ld.so(8), and dynlink.c of musl. */
final class LibraryFinder {
  /** The parts of other C libraries that musl has in one file. */
  private static final Pattern PART_OF_MUSL =
      Pattern.compile("lib(c|pthread|rt|m|dl|util|xnet)\\..*");

  private final SearchPath searchPath;

  LibraryFinder(SearchPath searchPath) {
    this.searchPath = searchPath;
  }

  static boolean isPartOfMusl(String name) {
    return PART_OF_MUSL.matcher(name).matches();
  }

  /**
   * Finds a library.
   *
   * @param rejected takes files of this name that can't be used, with the reason
   */
  @Nullable NativeFile find(String name, Loaded by, List<String> rejected) throws IOException {
    if (name.indexOf('/') >= 0) {
      return use(SearchPath.below(searchPath.root(), name), rejected);
    }
    for (Path directory : searchPath.musl() ? muslDirectories(by) : glibcDirectories(by)) {
      NativeFile found = use(directory.resolve(name), rejected);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Both linkers pass over files for other machines, such as those of 32 bits. */
  private @Nullable NativeFile use(Path path, List<String> rejected) throws IOException {
    if (!Files.isRegularFile(path)) {
      return null;
    }
    try {
      NativeFile file = NativeFile.of(path);
      if (file.elf().machine() == searchPath.machine()) {
        return file;
      }
      rejected.add(path + " is for " + file.elf().machine());
    } catch (ElfException e) {
      rejected.add(NativeClosure.messageOf(e));
    }
    return null;
  }

  private List<Path> glibcDirectories(Loaded by) {
    List<Path> directories = new ArrayList<>();
    if (by.file().elf().runpath().isEmpty()) {
      for (Loaded next = by; next != null; next = next.by()) {
        // A file's DT_RUNPATH hides its DT_RPATH.
        if (next.file().elf().runpath().isEmpty()) {
          addAll(directories, next.file(), next.file().elf().rpath());
        }
      }
    }
    directories.addAll(searchPath.libraryPath());
    addAll(directories, by.file(), by.file().elf().runpath());
    if (!by.file().elf().noDefaultDirectories()) {
      directories.addAll(searchPath.configured());
      directories.addAll(searchPath.defaults());
    }
    return directories;
  }

  /** DT_RPATH and DT_RUNPATH are one to musl, and both serve all that a file brings. */
  private List<Path> muslDirectories(Loaded by) {
    List<Path> directories = new ArrayList<>(searchPath.libraryPath());
    for (Loaded next = by; next != null; next = next.by()) {
      ElfFile elf = next.file().elf();
      addAll(directories, next.file(), elf.runpath().isEmpty() ? elf.rpath() : elf.runpath());
    }
    directories.addAll(searchPath.defaults());
    return directories;
  }

  private void addAll(List<Path> directories, NativeFile file, List<String> path) {
    for (String entry : path) {
      String plain =
          entry
              .replace("${PLATFORM}", "$PLATFORM")
              .replace("$PLATFORM", searchPath.machine().platform())
              .replace("${LIB}", "$LIB")
              .replace("$LIB", "lib/" + searchPath.machine().multiarch())
              .replace("${ORIGIN}", "$ORIGIN");
      Path origin = file.path() == null ? null : file.path().toAbsolutePath().getParent();
      if (plain.startsWith("$ORIGIN")) {
        if (origin != null) {
          directories.add(
              SearchPath.below(origin, plain.substring("$ORIGIN".length())).normalize());
        }
      } else if (plain.startsWith("/")) {
        directories.add(SearchPath.below(searchPath.root(), plain));
      }
    }
  }
}

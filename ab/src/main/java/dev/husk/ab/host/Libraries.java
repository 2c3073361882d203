package dev.husk.ab.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the system's libraries that programs need, as the system's loader does. One that isn't
 * there is left out: parts of a JDK, such as windows, need what few servers have.
 */
final class Libraries {
  /** By the number of the processor. */
  private static final Map<Integer, String> NAMES =
      Map.of(62, "x86_64-linux-gnu", 183, "aarch64-linux-gnu", 243, "riscv64-linux-gnu");

  /** Opened while a program runs, by the C library and by native code that comes in jars. */
  private static final List<String> OPENED_LATER =
      List.of(
          "libnss_files.so.2",
          "libnss_dns.so.2",
          "libresolv.so.2",
          "libgcc_s.so.1",
          "libstdc++.so.6",
          "libdl.so.2",
          "librt.so.1",
          "libpthread.so.0");

  private Libraries() {}

  /** The loader and all libraries outside of the programs' own directories, by their paths. */
  static Set<Path> neededBy(Collection<Path> programs) throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    Deque<Path> left = new ArrayDeque<>(programs);
    Set<Path> seen = new LinkedHashSet<>(programs);
    boolean first = true;
    while (!left.isEmpty()) {
      Path file = left.remove();
      Elf elf = Elf.read(file);
      List<Path> next = new ArrayList<>();
      if (elf.interpreter() != null) {
        next.add(Path.of(elf.interpreter()));
      }
      for (String name : elf.needed()) {
        addIfFound(next, find(name, elf, file));
      }
      if (first) {
        for (String name : OPENED_LATER) {
          addIfFound(next, find(name, elf, file));
        }
        first = false;
      }
      for (Path library : next) {
        if (seen.add(library) && Files.isRegularFile(library)) {
          found.add(library);
          left.add(library);
        }
      }
    }
    return found;
  }

  private static void addIfFound(List<Path> list, @Nullable Path library) {
    if (library != null) {
      list.add(library);
    }
  }

  private static @Nullable Path find(String name, Elf user, Path file) throws IOException {
    List<Path> directories = new ArrayList<>();
    Path origin = file.toRealPath().getParent();
    for (String entry : user.searchPath()) {
      directories.add(
          Path.of(entry.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", origin.toString()))
              .normalize());
    }
    directories.addAll(systemDirectories(user.machine()));
    for (Path directory : directories) {
      Path library = directory.resolve(name);
      if (Files.isRegularFile(library) && Elf.isElf(library)) {
        Elf elf = Elf.read(library);
        if (elf.machine() == user.machine() && elf.wide() == user.wide()) {
          return library;
        }
      }
    }
    return null;
  }

  private static List<Path> systemDirectories(int machine) throws IOException {
    List<Path> directories = new ArrayList<>();
    String name = NAMES.get(machine);
    if (name != null) {
      directories.add(Path.of("/lib", name));
      directories.add(Path.of("/usr/lib", name));
    }
    for (String directory : List.of("/lib64", "/usr/lib64", "/lib", "/usr/lib")) {
      directories.add(Path.of(directory));
    }
    Path more = Path.of("/etc/ld.so.conf.d");
    if (Files.isDirectory(more)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(more, "*.conf")) {
        for (Path file : files) {
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> line.startsWith("/"))
              .forEach(line -> directories.add(Path.of(line)));
        }
      }
    }
    return directories;
  }
}

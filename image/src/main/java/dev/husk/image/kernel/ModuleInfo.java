package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a module says about itself, in its section .modinfo: {@code key=value}, each ended by a
 * zero.
 *
 * @param depends the names of the modules that it uses symbols of
 * @param aliases patterns of what it serves
 */
record ModuleInfo(List<String> depends, List<String> aliases) {

  /**
   * Reads it from the file of a module, compressed or not.
   *
   * @throws IOException if it isn't one, or broken
   */
  static ModuleInfo of(Path file) throws IOException {
    try {
      return of(Compression.decompressed(Content.of(file), KernelModule.MOST_BYTES));
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static ModuleInfo of(Content module) throws IOException {
    Optional<Content> section = ElfFile.read(module).section(".modinfo");
    if (section.isEmpty()) {
      throw new IOException("an ELF file, but not a kernel module: it has no .modinfo");
    }
    List<String> depends = new ArrayList<>();
    List<String> aliases = new ArrayList<>();
    for (String entry : new String(section.get().bytes(), ISO_8859_1).split("\0")) {
      if (entry.startsWith("depends=")) {
        Arrays.stream(value(entry).split(",")).filter(s -> !s.isEmpty()).forEach(depends::add);
      } else if (entry.startsWith("alias=")) {
        aliases.add(value(entry));
      }
    }
    return new ModuleInfo(depends, aliases);
  }

  private static String value(String entry) {
    return entry.substring(entry.indexOf('=') + 1);
  }
}

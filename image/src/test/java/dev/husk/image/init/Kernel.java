package dev.husk.image.init;

import dev.husk.image.asm.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * The kernel that the tests boot: Debian's cloud kernel under the directory that the environment
 * variable HUSK_KERNEL_ROOT names, or else of the host.
 */
final class Kernel {
  private final Path image;
  private final Path modules;

  private Kernel(Path image, Path modules) {
    this.image = image;
    this.modules = modules;
  }

  /** The newest that is there; without one the test fails in CI, and is skipped elsewhere. */
  static Kernel find() throws IOException {
    Path root = Path.of(System.getenv().getOrDefault("HUSK_KERNEL_ROOT", "/"));
    Optional<Path> image = Optional.empty();
    for (Path directory : List.of(root, root.resolve("boot"))) {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.list(directory)) {
          image =
              files
                  .filter(file -> file.getFileName().toString().matches("vmlinuz-.*cloud-amd64"))
                  .max(Comparator.naturalOrder());
        }
      }
      if (image.isPresent()) {
        String version = image.get().getFileName().toString().substring("vmlinuz-".length());
        return new Kernel(image.get(), root.resolve("lib/modules").resolve(version));
      }
    }
    Tools.need(false, "no cloud kernel in " + root + " or " + root.resolve("boot"));
    throw new AssertionError();
  }

  Path image() {
    return image;
  }

  /** The modules of these names with what they depend on, in the order of loading. */
  Map<String, byte[]> modules(String... names) throws IOException {
    Map<String, byte[]> loaded = new LinkedHashMap<>();
    for (String name : names) {
      load(name, loaded);
    }
    return loaded;
  }

  private void load(String name, Map<String, byte[]> loaded) throws IOException {
    Pattern file = Pattern.compile(name.replaceAll("[-_]", "[-_]") + "\\.ko(\\.xz)?");
    Optional<Path> found;
    try (Stream<Path> files = Files.walk(modules)) {
      found = files.filter(each -> file.matcher(each.getFileName().toString()).matches()).findAny();
    }
    if (found.isEmpty()) {
      return; // built in
    }
    byte[] module = read(found.get());
    Matcher depends =
        Pattern.compile("\0depends=([^\0]*)\0")
            .matcher(new String(module, StandardCharsets.ISO_8859_1));
    if (depends.find() && !depends.group(1).isEmpty()) {
      for (String other : depends.group(1).split(",")) {
        load(other, loaded);
      }
    }
    loaded.putIfAbsent("/modules/" + name + ".ko", module);
  }

  private static byte[] read(Path module) throws IOException {
    if (!module.toString().endsWith(".xz")) {
      return Files.readAllBytes(module);
    }
    try (XZInputStream in = new XZInputStream(Files.newInputStream(module))) {
      return in.readAllBytes();
    }
  }
}

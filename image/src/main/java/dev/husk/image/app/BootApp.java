package dev.husk.image.app;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Spring Boot jar or war, packed or exploded, taken apart as {@code java -Djarmode=tools extract}
 * does it: its classes become a plain jar, its libraries lie in {@code lib}, and the loader stays
 * behind. An AOT cache holds classes only if they come from such jars.
 *
 * @param name of what was given, without an ending
 * @param entries all files in the order of the archive
 */
record BootApp(String name, Map<String, AppFile> entries, Attributes manifest) {
  private static final String LAUNCHERS = "org.springframework.boot.loader.";
  private static final String LOADER = "org/springframework/boot/loader/";
  private static final String META_INF = "META-INF/";
  private static final long MOST_OF_A_FILE = 1 << 30;

  /** This provider of {@code nested:} is the loader's, too. */
  private static final String LOADER_SERVICE =
      "META-INF/services/java.nio.file.spi.FileSystemProvider";

  private static final Pattern INDEX_LINE = Pattern.compile("- \"(.+)\"");

  /** Where a war's own files lie for Spring Boot's servers that run from a working directory. */
  private static final String DOCUMENTS = "public/";

  /** Whether a manifest is of one. */
  static boolean is(Attributes manifest) {
    String launcher = manifest.getValue(Attributes.Name.MAIN_CLASS);
    return launcher != null
        && launcher.startsWith(LAUNCHERS)
        && manifest.getValue("Start-Class") != null;
  }

  static BootApp of(Path file, Archive archive) throws IOException {
    Map<String, AppFile> entries = new LinkedHashMap<>();
    for (String entry : archive.names()) {
      // Libraries stay where they are; the rest goes into a new jar at once.
      entries.put(
          entry,
          AppFile.of(
              archive,
              entry,
              entry.endsWith(".jar")
                  ? Archive.content(file, entry, archive.size(entry))
                  : Content.of(archive.read(entry, MOST_OF_A_FILE))));
    }
    return new BootApp(stem(file), entries, archive.manifest());
  }

  static BootApp of(Path directory, Attributes manifest) throws IOException {
    Map<String, AppFile> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Path> file : Layout.below(directory).entrySet()) {
      entries.put(file.getKey(), AppFile.of(file.getValue(), file.getKey()));
    }
    return new BootApp(stem(directory), entries, manifest);
  }

  private static String stem(Path path) {
    return Layout.nameOf(path).replaceFirst("\\.[jw]ar$", "");
  }

  /**
   * Lays it out.
   *
   * @param mainClass in place of its Start-Class, or null
   * @return the main class
   */
  String putInto(Layout layout, @Nullable String mainClass) throws IOException {
    String start = mainClass == null ? manifest.getValue("Start-Class").strip() : mainClass;
    if (manifest.getValue(Attributes.Name.MAIN_CLASS).endsWith(".PropertiesLauncher")) {
      layout.warn("%s: what loader.path and loader.properties add isn't seen".formatted(name));
    }
    String classes = get("Spring-Boot-Classes", isWar() ? "WEB-INF/classes/" : "BOOT-INF/classes/");
    List<String> libraries = libraries();
    layout.putJar(name + ".jar", JarWriter.write(mainAttributes(start), ownFiles(classes)));
    for (String library : libraries) {
      layout.putJar("lib/" + fileName(library), file(library));
    }
    if (isWar()) {
      for (Map.Entry<String, AppFile> entry : entries.entrySet()) {
        if (isDocument(entry.getKey())) {
          layout.put(DOCUMENTS + entry.getKey(), entry.getValue());
        }
      }
    }
    return start;
  }

  private boolean isWar() {
    return manifest.getValue(Attributes.Name.MAIN_CLASS).endsWith("WarLauncher");
  }

  private String get(String attribute, String otherwise) {
    String value = manifest.getValue(attribute);
    return value == null ? otherwise : value.strip();
  }

  private AppFile file(String entry) throws AppException {
    AppFile file = entries.get(entry);
    if (file == null) {
      throw new AppException("%s: its index names %s, which isn't there".formatted(name, entry));
    }
    return file;
  }

  private static String fileName(String entry) {
    return entry.substring(entry.lastIndexOf('/') + 1);
  }

  private static boolean isDocument(String entry) {
    return !entry.startsWith(META_INF)
        && !entry.startsWith("WEB-INF/")
        && !entry.startsWith(LOADER);
  }

  /** Its libraries: first those of its index, as the loader has them on its class path. */
  private List<String> libraries() throws IOException {
    List<String> directories =
        isWar()
            ? List.of(get("Spring-Boot-Lib", "WEB-INF/lib/"), "WEB-INF/lib-provided/")
            : List.of(get("Spring-Boot-Lib", "BOOT-INF/lib/"));
    Set<String> libraries = new LinkedHashSet<>();
    AppFile index = entries.get(get("Spring-Boot-Classpath-Index", "BOOT-INF/classpath.idx"));
    if (index != null) {
      for (String line : new String(index.content().bytes(), StandardCharsets.UTF_8).split("\n")) {
        Matcher matcher = INDEX_LINE.matcher(line.strip());
        if (matcher.matches()) {
          libraries.add(matcher.group(1));
        }
      }
    }
    for (String entry : entries.keySet()) {
      if (entry.endsWith(".jar") && directories.stream().anyMatch(entry::startsWith)) {
        libraries.add(entry);
      }
    }
    return new ArrayList<>(libraries);
  }

  /** What comes into the jar of the app's own classes. */
  private TreeMap<String, AppFile> ownFiles(String classes) {
    TreeMap<String, AppFile> files = new TreeMap<>();
    entries.forEach(
        (entry, file) -> {
          if (entry.startsWith(META_INF) && !entry.equals(LOADER_SERVICE) && !isSignature(entry)) {
            files.put(entry, file);
          }
        });
    entries.forEach(
        (entry, file) -> {
          if (entry.startsWith(classes)) {
            files.put(entry.substring(classes.length()), file);
          }
        });
    return files;
  }

  /** A signature doesn't hold for the new jar. */
  private static boolean isSignature(String entry) {
    return entry.endsWith(".SF")
        || entry.endsWith(".RSA")
        || entry.endsWith(".DSA")
        || entry.endsWith(".EC");
  }

  private Map<String, String> mainAttributes(String start) {
    Map<String, String> attributes = new TreeMap<>();
    manifest.forEach((name, value) -> attributes.put(name.toString(), value.toString()));
    // What belongs to the loader: the places of classes, libraries and indices.
    attributes
        .keySet()
        .removeIf(name -> name.startsWith("Spring-Boot-") && !name.equals("Spring-Boot-Version"));
    attributes.remove("Start-Class");
    attributes.remove(Attributes.Name.MANIFEST_VERSION.toString());
    attributes.put(Attributes.Name.MAIN_CLASS.toString(), start);
    return attributes;
  }
}

package dev.husk.image.app;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lays an app's files out in the image: what lies in the directory of the app keeps its place
 * there, and what comes from elsewhere goes into {@code lib}. A file has one place, however often
 * it is named.
 */
final class Layout implements MainMethod.Classes {
  private static final String LIBRARIES = "lib/";
  private static final int MODE = 0644;
  private static final int EXECUTABLE_MODE = 0755;

  private final FileTree files = new FileTree();
  private final List<String> classPath = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Set<Path> placed = new HashSet<>();
  private final Set<String> lost = new HashSet<>();
  private final Set<String> expected = new HashSet<>();
  private final @Nullable Path base;

  /**
   * An empty one.
   *
   * @param base the directory whose files keep their places, or null if there is none
   */
  Layout(@Nullable Path base) {
    this.base = base == null ? null : real(base);
    files.directory(App.DIRECTORY, EXECUTABLE_MODE);
  }

  FileTree files() {
    return files;
  }

  List<String> classPath() {
    return List.copyOf(classPath);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  /** A file that is on the class path anyway, whatever place a manifest has it at. */
  void expect(Path file) {
    expected.add(nameOf(file));
  }

  /** Puts a file that comes from nowhere on this machine. */
  void put(String place, AppFile file) throws AppException {
    put(place, MODE, file);
  }

  private void put(String place, int mode, AppFile file) throws AppException {
    try {
      files.file(App.DIRECTORY + "/" + place, mode, file.content(), file.time());
    } catch (IllegalArgumentException e) {
      throw new AppException("a file can't lie in an image: " + e.getMessage());
    }
  }

  /** Puts a jar that comes from nowhere on this machine, and at the end of the class path. */
  void putJar(String place, AppFile jar) throws AppException {
    String free = free(place);
    put(free, jar);
    classPath.add(App.DIRECTORY + "/" + free);
  }

  /** Puts all files of a directory at their places below another, without those that are there. */
  void putAll(Path directory, String place) throws IOException {
    for (Map.Entry<String, Path> file : below(directory).entrySet()) {
      String path = place + file.getKey();
      if (!placed.contains(real(file.getValue())) && isFree(path)) {
        putFile(file.getValue(), path);
      }
    }
  }

  /** Puts one file. */
  void putFile(Path file, String place) throws IOException {
    put(place, Files.isExecutable(file) ? EXECUTABLE_MODE : MODE, AppFile.of(file, place));
  }

  /** Keeps a file out of the image although its directory is in it. */
  void leaveOut(Path file) {
    placed.add(real(file));
  }

  /** Puts a jar or directory on the class path, and then what its manifest names. */
  void addToClassPath(Path element) throws IOException {
    Path real = real(element);
    if (!placed.add(real)) {
      return;
    }
    String place =
        base != null && real.startsWith(base) && !real.equals(base)
            ? base.relativize(real).toString()
            : LIBRARIES + nameOf(real);
    if (Files.isDirectory(element)) {
      place = free(place + ".jar");
      SortedMap<String, AppFile> classes = new TreeMap<>();
      for (Map.Entry<String, Path> file : below(element).entrySet()) {
        classes.put(file.getKey(), AppFile.of(file.getValue(), file.getKey()));
      }
      put(place, JarWriter.write(Map.of(), classes));
    } else {
      place = free(place);
      putFile(element, place);
    }
    classPath.add(App.DIRECTORY + "/" + place);
    if (!Files.isDirectory(element)) {
      try (Archive jar = Archive.open(element)) {
        addNamed(element, jar);
      }
    }
  }

  /** The {@code Class-Path} of a manifest: URLs relative to the jar (JAR File Specification). */
  private void addNamed(Path jar, Archive archive) throws IOException {
    String named = archive.manifest().getValue("Class-Path");
    if (named == null) {
      return;
    }
    for (String url : named.strip().split("\\s+")) {
      Path path = resolve(jar, url);
      if (path != null && Files.exists(path)) {
        addToClassPath(path);
      } else if (!url.isEmpty()
          && !expected.contains(url.substring(url.lastIndexOf('/') + 1))
          && lost.add(url)) {
        warn("%s of the Class-Path of %s isn't there".formatted(url, archive.name()));
      }
    }
  }

  private static @Nullable Path resolve(Path jar, String url) {
    try {
      return Path.of(jar.toAbsolutePath().toUri().resolve(url));
    } catch (RuntimeException e) {
      // Not a URL, or not one of a file: the JVM passes over it, too.
      return null;
    }
  }

  /** A place like this one where no file is. */
  private String free(String place) {
    String free = place;
    int dot = place.endsWith(".jar") ? place.length() - ".jar".length() : place.length();
    for (int i = 2; !isFree(free); i++) {
      free = place.substring(0, dot) + "-" + i + place.substring(dot);
    }
    return free;
  }

  private boolean isFree(String place) {
    return files.get(App.DIRECTORY + "/" + place) == null;
  }

  /** All files below a directory by their relative names; links are followed. */
  static SortedMap<String, Path> below(Path directory) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    Files.walkFileTree(
        directory,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.put(directory.relativize(file).toString(), file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** The last name of a path; also {@code .} and the root have one. */
  static String nameOf(Path path) {
    Path name = real(path).getFileName();
    return name == null ? "root" : name.toString();
  }

  private static Path real(Path path) {
    return path.toAbsolutePath().normalize();
  }

  @Override
  public @Nullable Found find(String name) throws IOException {
    String entry = name + ".class";
    for (String place : classPath) {
      if (files.get(place) instanceof Node.RegularFile jar) {
        String jarName = place.substring(place.lastIndexOf('/') + 1);
        try (Archive archive = Archive.open(jarName, jar.content())) {
          String effective = archive.effective().get(entry);
          if (effective != null) {
            byte[] bytes = archive.read(effective, Archive.MOST_OF_A_CLASS);
            return new Found(Content.of(bytes), jarName);
          }
        }
      }
    }
    return null;
  }
}

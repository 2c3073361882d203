package dev.husk.ab.host;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Finds the files of an app by its command: every file and directory that a word names, whole or in
 * a part, as in {@code -Dconfig=app.conf} or {@code -cp a.jar:lib/*}; what the manifest of a jar
 * names as its class path; what a file of arguments names.
 */
final class AppFiles {
  /** Named now and then, and too much to be meant. */
  private static final Set<Path> TOO_BROAD =
      Set.of(
          Path.of("/"),
          Path.of("/dev"),
          Path.of("/dev/null"),
          Path.of("/etc"),
          Path.of("/home"),
          Path.of("/opt"),
          Path.of("/proc"),
          Path.of("/root"),
          Path.of("/run"),
          Path.of("/sys"),
          Path.of("/tmp"),
          Path.of("/usr"),
          Path.of("/var"),
          Path.of("/var/tmp"));

  private final Path directory;
  private final Set<Path> found = new LinkedHashSet<>();
  private final Set<Path> argumentFiles = new HashSet<>();

  private AppFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * The files and directories that are there.
   *
   * @param words of the command, without the launcher
   * @param directory where it is run
   */
  static Set<Path> namedIn(Collection<String> words, Path directory) throws IOException {
    AppFiles files = new AppFiles(directory);
    for (String word : words) {
      files.addWord(word);
    }
    return files.found;
  }

  private void addWord(String word) throws IOException {
    if (word.startsWith("@") && Files.isRegularFile(directory.resolve(word.substring(1)))) {
      addArguments(directory.resolve(word.substring(1)));
    }
    addPath(word);
    // -cp a:b, -Dname=file, -javaagent:file=options, --module-path=a:b, and the like.
    for (char separator : new char[] {'=', ':', ','}) {
      int at = word.indexOf(separator);
      if (at >= 0) {
        addPath(word.substring(at + 1));
      }
    }
    String[] parts = word.split("[=:,]");
    if (parts.length > 1) {
      for (String part : parts) {
        addPath(part);
      }
    }
  }

  private void addArguments(Path file) throws IOException {
    if (argumentFiles.add(file)) {
      found.add(file);
      for (String word : Files.readString(file).split("\\s+")) {
        addWord(word.replaceAll("^[\"']|[\"']$", ""));
      }
    }
  }

  private void addPath(String text) throws IOException {
    if (text.isEmpty()) {
      return;
    }
    try {
      if (text.equals("*") || text.endsWith("/*")) {
        addJars(directory.resolve(text.substring(0, text.length() - 1)));
        return;
      }
      Path path = directory.resolve(text).normalize();
      if (TOO_BROAD.contains(path) || !Files.exists(path) || !found.add(path)) {
        return;
      }
      if (isJar(path)) {
        addClassPath(path);
      }
    } catch (InvalidPathException e) {
      // Not a path then.
    }
  }

  private void addJars(Path library) throws IOException {
    if (Files.isDirectory(library)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(library)) {
        for (Path entry : entries) {
          if (isJar(entry)) {
            addPath(entry.toString());
          }
        }
      }
    }
  }

  private static boolean isJar(Path path) {
    return Files.isRegularFile(path)
        && path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar");
  }

  private void addClassPath(Path jar) throws IOException {
    String classPath = null;
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      if (manifest != null) {
        classPath = manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      }
    } catch (java.util.zip.ZipException e) {
      return; // The JVM will say so.
    }
    if (classPath == null) {
      return;
    }
    for (String entry : List.of(classPath.strip().split("\\s+"))) {
      try {
        URI uri = jar.toUri().resolve(entry);
        if ("file".equals(uri.getScheme())) {
          addPath(Path.of(uri).toString());
        }
      } catch (IllegalArgumentException e) {
        // Not a URL: the JVM ignores it, too.
      }
    }
  }
}

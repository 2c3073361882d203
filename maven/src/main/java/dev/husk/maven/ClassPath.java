package dev.husk.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** What of a project is the app: its jar alone, or with the libraries that it needs beside it. */
final class ClassPath {
  private ClassPath() {}

  /**
   * The jar alone where it has, or leads to, all that it needs: a war, a Spring Boot jar, one that
   * others were shaded into, one whose {@code Class-Path} is there.
   *
   * @param artifact the project's jar or war
   * @param libraries the project's other run-time class path
   */
  static List<Path> of(Path artifact, List<Path> libraries) throws IOException {
    List<Path> all = new ArrayList<>();
    all.add(artifact);
    if (!libraries.isEmpty() && !artifact.toString().endsWith(".war")) {
      try (JarFile jar = new JarFile(artifact.toFile())) {
        Manifest manifest = jar.getManifest();
        Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
        if (!isSpringBoot(attributes)
            && !leadsToAll(artifact, attributes)
            && !hasClassesOf(jar, libraries)) {
          all.addAll(libraries);
        }
      }
    }
    return all;
  }

  private static boolean isSpringBoot(Attributes manifest) {
    String main = manifest.getValue(Attributes.Name.MAIN_CLASS);
    return main != null && main.startsWith("org.springframework.boot.loader.");
  }

  private static boolean leadsToAll(Path jar, Attributes manifest) {
    String named = manifest.getValue(Attributes.Name.CLASS_PATH);
    if (named == null || named.isBlank()) {
      return false;
    }
    for (String url : named.strip().split("\\s+")) {
      try {
        if (!Files.exists(Path.of(jar.toUri().resolve(url)))) {
          return false;
        }
      } catch (RuntimeException e) {
        return false; // Not a URL, or not one of a file.
      }
    }
    return true;
  }

  /** Whether one of the libraries was shaded in: then all were that the build wanted. */
  private static boolean hasClassesOf(JarFile jar, List<Path> libraries) throws IOException {
    for (Path library : libraries) {
      if (!Files.isRegularFile(library)) {
        continue; // The classes of another module that isn't packaged.
      }
      try (JarFile other = new JarFile(library.toFile())) {
        boolean shaded =
            other.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                .filter(name -> !name.startsWith("META-INF/"))
                .findFirst()
                .filter(name -> jar.getEntry(name) != null)
                .isPresent();
        if (shaded) {
          return true;
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return false;
  }
}

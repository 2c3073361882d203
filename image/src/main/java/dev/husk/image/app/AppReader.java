package dev.husk.image.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** Makes an {@link App} of an {@link AppRequest}. */
final class AppReader {
  private final AppRequest request;
  private final List<String> manifestOptions = new ArrayList<>();

  AppReader(AppRequest request) {
    this.request = request;
  }

  App read() throws IOException {
    List<Path> paths = expanded();
    if (paths.size() == 1 && Files.isDirectory(paths.getFirst())) {
      return readDirectory(paths.getFirst());
    }
    if (paths.size() == 1) {
      Path file = paths.getFirst();
      return readArchive(file, new Layout(file.toAbsolutePath().getParent()), null);
    }
    return readClassPath(paths, request.mainClass());
  }

  /** The paths with all jars for each {@code *}, as the java command has it. */
  private List<Path> expanded() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (Path path : request.paths()) {
      if (path.endsWith("*")) {
        Path directory = path.getParent();
        paths.addAll(jars(directory == null ? Path.of("") : directory));
      } else if (Files.exists(path)) {
        paths.add(path);
      } else {
        throw new AppException(path + " isn't there");
      }
    }
    if (paths.isEmpty()) {
      throw new AppException("nothing to pack: name a jar, a war, a directory or a class path");
    }
    return paths;
  }

  private static List<Path> jars(Path directory) throws IOException {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{jar,JAR}")) {
        files.forEach(jars::add);
      }
    }
    jars.sort(null);
    return jars;
  }

  /** A class path; where nobody says the main class, its first jar does. */
  private App readClassPath(List<Path> paths, @Nullable String mainClass) throws IOException {
    Path first = paths.getFirst();
    Layout layout = new Layout(null);
    paths.forEach(layout::expect);
    if (mainClass == null) {
      if (Files.isDirectory(first)) {
        throw new AppException("a class path needs a main class");
      }
      try (Archive archive = Archive.open(first)) {
        Attributes manifest = archive.manifest();
        mainClass = mainClass(archive, manifest);
        options(archive.name(), manifest, layout);
      }
    }
    for (Path path : paths) {
      layout.addToClassPath(path);
    }
    return app(first, App.Kind.CLASS_PATH, mainClass, layout);
  }

  /**
   * Reads one jar or war.
   *
   * @param directory whose other files come along, or null
   */
  private App readArchive(Path file, Layout layout, @Nullable Path directory) throws IOException {
    App.Kind kind;
    String mainClass;
    try (Archive archive = Archive.open(file)) {
      Attributes manifest = archive.manifest();
      if (BootApp.is(manifest)) {
        kind = App.Kind.SPRING_BOOT;
        mainClass = BootApp.of(file, archive).putInto(layout, request.mainClass());
        layout.leaveOut(file);
        if (request.mainClass() == null) {
          options(archive.name(), manifest, layout);
        }
      } else {
        mainClass = mainClass(archive, manifest);
        layout.addToClassPath(file);
        if (request.mainClass() == null && manifest.getValue(Attributes.Name.MAIN_CLASS) != null) {
          kind = isWar(archive) ? App.Kind.EXECUTABLE_WAR : App.Kind.EXECUTABLE_JAR;
          options(archive.name(), manifest, layout);
        } else {
          kind = App.Kind.CLASS_PATH;
        }
      }
    }
    if (directory != null) {
      layout.putAll(directory, "");
      kind = kind == App.Kind.EXECUTABLE_JAR ? App.Kind.DIRECTORY : kind;
    }
    return app(directory == null ? file : directory, kind, mainClass, layout);
  }

  private String mainClass(Archive archive, Attributes manifest) throws IOException {
    if (request.mainClass() != null) {
      return request.mainClass();
    }
    String mainClass = manifest.getValue(Attributes.Name.MAIN_CLASS);
    if (mainClass != null) {
      return mainClass.strip();
    }
    if (isWar(archive)) {
      throw new AppException(
          archive.name()
              + " is a war without a Main-Class: it needs a server. Build it as an executable war,"
              + " or pack a directory with an embedded Tomcat or Jetty, a class that starts it, and"
              + " the war beside them");
    }
    List<String> startable = MainMethod.startable(archive);
    if (startable.size() != 1) {
      throw new AppException(
          "the manifest of %s has no Main-Class%s: say which class to start"
              .formatted(
                  archive.name(),
                  startable.isEmpty()
                      ? ""
                      : ", and more than one class has a main method, such as "
                          + String.join(" and ", startable.subList(0, 2))));
    }
    return startable.getFirst();
  }

  private static boolean isWar(Archive archive) {
    for (String name : archive.names()) {
      if (name.startsWith("WEB-INF/")) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the java command takes from a manifest with -jar alone; in an image the class path is
   * given as such.
   */
  private void options(String name, Attributes manifest, Layout layout) {
    options(manifest, "Add-Exports", "--add-exports=", "=ALL-UNNAMED");
    options(manifest, "Add-Opens", "--add-opens=", "=ALL-UNNAMED");
    options(manifest, "Enable-Native-Access", "--enable-native-access=", "");
    if (manifest.getValue("Launcher-Agent-Class") != null) {
      layout.warn(
          "the Launcher-Agent-Class of %s isn't started: name the agent by -javaagent"
              .formatted(name));
    }
  }

  private void options(Attributes manifest, String attribute, String before, String after) {
    String value = manifest.getValue(attribute);
    if (value != null && !value.isBlank()) {
      for (String word : value.strip().split("\\s+")) {
        manifestOptions.add(before + word + after);
      }
    }
  }

  private App readDirectory(Path directory) throws IOException {
    Path manifest = directory.resolve("META-INF/MANIFEST.MF");
    if (Files.isRegularFile(manifest)) {
      Attributes attributes =
          new Manifest(new ByteArrayInputStream(Files.readAllBytes(manifest))).getMainAttributes();
      if (BootApp.is(attributes)) {
        Layout layout = new Layout(null);
        String mainClass = BootApp.of(directory, attributes).putInto(layout, request.mainClass());
        return app(directory, App.Kind.SPRING_BOOT, mainClass, layout);
      }
    }
    List<Path> jars = jars(directory);
    if (request.mainClass() == null) {
      return readArchive(launcher(directory, jars), new Layout(directory), directory);
    }
    jars.addAll(jars(directory.resolve("lib")));
    if (jars.isEmpty()) {
      return readClassPath(List.of(directory), request.mainClass());
    }
    Layout layout = new Layout(directory);
    for (Path jar : jars) {
      layout.addToClassPath(jar);
    }
    layout.putAll(directory, "");
    return app(directory, App.Kind.DIRECTORY, request.mainClass(), layout);
  }

  /** The one jar of a directory that can be started. */
  private static Path launcher(Path directory, List<Path> jars) throws IOException {
    List<Path> launchers = new ArrayList<>();
    for (Path jar : jars) {
      try (Archive archive = Archive.open(jar)) {
        if (archive.manifest().getValue(Attributes.Name.MAIN_CLASS) != null) {
          launchers.add(jar);
        }
      }
    }
    if (launchers.size() != 1) {
      throw new AppException(
          launchers.isEmpty()
              ? "no jar in " + directory + " has a Main-Class: say which class to start"
              : "more than one jar in %s has a Main-Class: %s. Say which class to start"
                  .formatted(directory, launchers.stream().map(Path::getFileName).toList()));
    }
    return launchers.getFirst();
  }

  private App app(Path given, App.Kind kind, String mainClass, Layout layout) throws IOException {
    MainMethod.check(mainClass, layout, request.jvmOptions());
    for (Path file : request.files()) {
      String name = Layout.nameOf(file);
      if (Files.isDirectory(file)) {
        layout.putAll(file, name + "/");
      } else {
        layout.putFile(file, name);
      }
    }
    List<String> options = new ArrayList<>(manifestOptions);
    options.addAll(request.jvmOptions());
    return new App(
        Layout.nameOf(given),
        kind,
        mainClass,
        layout.files(),
        layout.classPath(),
        List.copyOf(options),
        List.copyOf(request.args()),
        layout.warnings());
  }
}

package dev.husk.it.image;

import dev.husk.image.app.Archive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The apps of {@code it/apps}: how each is given to Husk, how a stock JVM starts it, what it is
 * asked, what it says when it ends, and which modules a check must find.
 */
@SuppressWarnings("ImmutableEnumChecker") // They are: all made by List.of.
enum RealApp {
  PROGRAM(
      "program/target/program.jar",
      List.of("program.jar"),
      List.of("-jar", "program.jar"),
      List.of(),
      "the hook ran",
      List.of("java.management", "java.prefs", "java.xml", "jdk.localedata", "jdk.zipfs")),

  HELLO(
      "hello/target/hello.jar",
      List.of("hello.jar"),
      List.of("-jar", "hello.jar"),
      List.of(
          Ask.get("/"),
          Ask.of("POST", "/some?query=1", "text/plain", "x".repeat(100_000)),
          Ask.get("/files/"),
          Ask.get("/files/a.txt"),
          Ask.get("/files/b.txt")),
      "stopped",
      List.of("jdk.httpserver")),

  TOMCAT(
      "tomcat/target/app",
      List.of("app"),
      List.of("-jar", "tomcat.jar"),
      List.of(
          Ask.get("/"),
          Ask.get("/style.css"),
          Ask.of("HEAD", "/style.css", "", ""),
          Ask.get("/hello.jsp"),
          Ask.get("/hello.jsp?name=J%C3%BCrgen"),
          Ask.get("/guests"),
          Ask.of("POST", "/guests", "application/x-www-form-urlencoded", "name=Z%C3%B6e"),
          Ask.of("POST", "/guests", "application/x-www-form-urlencoded", "name=Ada"),
          Ask.get("/guests"),
          Ask.upload("/upload", "file", "grüße.txt", "ä\n".repeat(30_000)),
          Ask.get("/nothing")),
      "good night",
      List.of("java.logging", "java.management", "java.naming", "java.sql", "java.xml")),

  JETTY(
      "jetty/target",
      List.of("--main=notes.Main", "target/classes:target/lib/*"),
      List.of("-cp", "target/classes:target/lib/*", "notes.Main"),
      List.of(
          Ask.get("/"),
          Ask.get("/style.css").with("Range", "bytes=5-9"),
          Ask.get("/notes/milk"),
          Ask.of("PUT", "/notes/milk", "text/plain;charset=utf-8", "kaufen für morgen"),
          Ask.get("/notes/milk"),
          Ask.get("/slow"),
          Ask.of("DELETE", "/notes/milk", "", ""),
          Ask.get("/nothing")),
      "Stopped oejs.Server",
      List.of("java.management", "java.naming", "java.sql", "jdk.zipfs")),

  NETTY(
      "netty/target/netty.jar",
      List.of("netty.jar"),
      List.of("-jar", "netty.jar"),
      List.of(
          Ask.get("/"),
          Ask.of("POST", "/echo", "text/plain", "Echo ".repeat(50_000)),
          Ask.of("POST", "/echo", "text/plain", "Echo ".repeat(5_000))
              .with("Accept-Encoding", "gzip"),
          Ask.get("/file"),
          Ask.get("/nothing")),
      "closed",
      List.of("java.logging", "java.naming", "jdk.unsupported")),

  SHOP(
      "shop/target/shop.jar",
      List.of("shop.jar"),
      List.of("-jar", "shop.jar"),
      Shop.ASKS,
      Shop.END,
      Shop.MODULES),

  SHOP_EXPLODED(
      "shop/target/shop.jar",
      List.of("exploded"),
      List.of("-cp", "exploded", "org.springframework.boot.loader.launch.JarLauncher"),
      Shop.ASKS,
      Shop.END,
      Shop.MODULES);

  private interface Shop {
    String JSON = "application/json";
    List<Ask> ASKS =
        List.of(
            Ask.get("/"),
            Ask.of("POST", "/items", JSON, "{\"name\":\"Äpfel\",\"price\":1.5}"),
            Ask.of("POST", "/items", JSON, "{\"name\":\"Äpfel\",\"price\":2}"),
            Ask.of("POST", "/items", JSON, "{nonsense"),
            Ask.upload("/items/import", "file", "items.csv", "Birnen;2.5\nKirschen;3"),
            Ask.upload("/items/import", "file", "items.csv", "Nüsse;2.5\nKirschen;3"),
            Ask.get("/items?most=2.75"),
            Ask.get("/items"),
            Ask.get("/items/1"),
            Ask.get("/items/99"),
            Ask.get("/nothing"));
    String END = "HikariPool-1 - Shutdown completed";
    List<String> MODULES =
        List.of(
            "java.desktop",
            "java.instrument",
            "java.logging",
            "java.management",
            "java.naming",
            "java.sql",
            "java.xml",
            "jdk.unsupported");
  }

  /** Of each file of an app, so that servers tell it to their clients, in an image too. */
  private static final FileTime TIME = FileTime.from(Instant.parse("2024-05-06T07:08:09Z"));

  private final Path source;
  private final List<String> given;
  private final List<String> command;
  private final List<Ask> asks;
  private final String lastWords;
  private final List<String> modules;

  RealApp(
      String source,
      List<String> given,
      List<String> command,
      List<Ask> asks,
      String lastWords,
      List<String> modules) {
    this.source = Path.of(System.getProperty("husk.it.apps", "apps"), source);
    this.given = given;
    this.command = command;
    this.asks = asks;
    this.lastWords = lastWords;
    this.modules = modules;
  }

  /** How {@code husk} is told of it, in the directory where it was laid. */
  List<String> given() {
    return given;
  }

  List<Ask> asks() {
    return asks;
  }

  /** What it prints as the last thing in order. */
  String lastWords() {
    return lastWords;
  }

  /** Some that it needs. */
  List<String> modules() {
    return modules;
  }

  /** Its arguments. */
  List<String> args() {
    return this == PROGRAM ? List.of("a", "b c", "--d=ü") : List.of();
  }

  /** The status after SIGTERM, or that of its own. */
  int status() {
    return this == PROGRAM ? 7 : 143;
  }

  /** Copies it into a directory where it can be changed. */
  void lay(Path directory) throws IOException {
    Files.createDirectories(directory);
    if (this == SHOP_EXPLODED) {
      unpack(source, directory.resolve("exploded"));
    } else {
      copy(source, directory.resolve(source.getFileName()));
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, path.toString().endsWith(".jar") ? newest(path) : TIME);
      }
    }
  }

  /** What a jar has in an image. */
  private static FileTime newest(Path jar) throws IOException {
    try (Archive archive = Archive.open(jar)) {
      return FileTime.from(archive.newest(), TimeUnit.SECONDS);
    }
  }

  /** Starts it on a stock JVM, in the directory where it was laid. */
  ProcessBuilder stock(Path directory) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    words.addAll(command);
    words.addAll(args());
    return new ProcessBuilder(words)
        .directory((this == TOMCAT ? directory.resolve("app") : directory).toFile());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void unpack(Path jar, Path to) throws IOException {
    try (InputStream file = Files.newInputStream(jar);
        ZipInputStream in = new ZipInputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path path = to.resolve(entry.getName());
        Files.createDirectories(entry.isDirectory() ? path : path.getParent());
        if (!entry.isDirectory()) {
          Files.copy(in, path);
        }
      }
    }
  }
}

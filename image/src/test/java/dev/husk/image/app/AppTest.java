package dev.husk.image.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AppTest {
  private static final String MAIN =
      "package a; public class Main { public static void main(String[] args) {} }";

  private static Map<String, byte[]> main = Map.of();

  @TempDir Path scratch;

  @BeforeAll
  static void compileMain(@TempDir Path scratch) throws IOException {
    main = TestJars.compile(scratch, MAIN);
  }

  /** A class a.Main that starts; the caller may change its bytes. */
  private static Map<String, byte[]> main() {
    return Map.of("a/Main.class", main.getOrDefault("a/Main.class", new byte[0]).clone());
  }

  private Path jar(String name, Map<String, String> manifest, Map<String, byte[]> entries)
      throws IOException {
    return TestJars.jar(scratch.resolve("given").resolve(name), manifest, entries);
  }

  private static App read(Path path) throws IOException {
    return App.of(AppRequest.of(path));
  }

  private static Content content(App app, String path) {
    Node node = app.files().get(path);
    if (node instanceof Node.RegularFile file) {
      return file.content();
    }
    throw new AssertionError(path + " isn't a file of " + app.files().nodes().keySet());
  }

  private static void assertRefused(String message, AppRequest request) {
    AppException e = assertThrows(AppException.class, () -> App.of(request));
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  private static void assertRefused(String message, Path path) {
    assertRefused(message, AppRequest.of(path));
  }

  @Test
  void executableJarComesWithWhatItsManifestNames() throws IOException {
    jar("lib/one.jar", Map.of("Class-Path", "../more/two.jar gone.jar"), Map.of());
    jar("more/two.jar", Map.of(), Map.of());
    Files.createDirectories(scratch.resolve("given/conf"));
    Files.writeString(scratch.resolve("given/conf/a.properties"), "a=b");
    TestJars.jar(scratch.resolve("else where/three.jar"), Map.of(), Map.of());
    Path jar =
        jar(
            "app.jar",
            Map.of(
                "Main-Class",
                "a.Main",
                "Class-Path",
                "lib/one.jar conf/ ../else%20where/three.jar http://x/y.jar",
                "Add-Opens",
                "java.base/java.lang java.base/java.util",
                "Enable-Native-Access",
                "ALL-UNNAMED"),
            main());
    App app =
        App.of(new AppRequest(List.of(jar), null, List.of("-Xmx9m"), List.of("x", "y"), List.of()));
    assertEquals(App.Kind.EXECUTABLE_JAR, app.kind());
    assertEquals("app.jar", app.name());
    assertEquals("a.Main", app.mainClass());
    assertEquals(
        List.of(
            "app/app.jar",
            "app/lib/one.jar",
            "app/more/two.jar",
            "app/conf.jar",
            "app/lib/three.jar"),
        app.classPath());
    assertEquals(
        List.of(
            "gone.jar of the Class-Path of one.jar isn't there",
            "http://x/y.jar of the Class-Path of app.jar isn't there"),
        app.warnings());
    assertEquals(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx9m"),
        app.jvmOptions());
    assertEquals(List.of("x", "y"), app.args());
    assertArrayEquals(Files.readAllBytes(jar), content(app, "app/app.jar").bytes());
    try (Archive conf = Archive.open("conf.jar", content(app, "app/conf.jar"))) {
      assertEquals("a=b", new String(conf.read("a.properties", 9), StandardCharsets.UTF_8));
    }
  }

  @Test
  void classPathKeepsItsOrderAndNames() throws IOException {
    Path classes = Files.createDirectories(scratch.resolve("classes/a"));
    Files.write(classes.resolve("Main.class"), main().get("a/Main.class"));
    Path one = jar("x.jar", Map.of(), Map.of());
    Path two = TestJars.jar(scratch.resolve("other/x.jar"), Map.of(), Map.of());
    TestJars.jar(scratch.resolve("all/c.jar"), Map.of(), Map.of());
    TestJars.jar(scratch.resolve("all/b.jar"), Map.of(), Map.of());
    App app =
        App.of(
            AppRequest.of(
                List.of(one, two, one, classes.getParent(), scratch.resolve("all/*")), "a.Main"));
    assertEquals(App.Kind.CLASS_PATH, app.kind());
    assertEquals(
        List.of(
            "app/lib/x.jar",
            "app/lib/x-2.jar",
            "app/lib/classes.jar",
            "app/lib/b.jar",
            "app/lib/c.jar"),
        app.classPath());
    assertRefused("gone.jar isn't there", AppRequest.of(List.of(Path.of("gone.jar")), "a.Main"));
    assertRefused(
        "a class path needs a main class",
        new AppRequest(List.of(classes, two), null, List.of(), List.of(), List.of()));
    assertRefused(
        "nothing to pack", new AppRequest(List.of(), null, List.of(), List.of(), List.of()));
    assertRefused("the main class a.Gone is in no jar", AppRequest.of(List.of(one, two), "a.Gone"));
  }

  private Map<String, byte[]> boot(String prefix) throws IOException {
    byte[] one = TestJars.jarBytes(scratch, Map.of(), TestJars.text("one.txt", "1"));
    byte[] two = TestJars.jarBytes(scratch, Map.of(), TestJars.text("two.txt", "2"));
    byte[] three = TestJars.jarBytes(scratch, Map.of(), TestJars.text("three.txt", "3"));
    byte[] loader = main().get("a/Main.class");
    return TestJars.all(
        Map.of(
            prefix + "lib/one.jar",
            one,
            prefix + "lib/two.jar",
            two,
            prefix + "lib/three.jar",
            three,
            prefix + "classes/a/Main.class",
            loader,
            "org/springframework/boot/loader/launch/JarLauncher.class",
            loader),
        TestJars.text(prefix + "classes/application.properties", "server.port=1"),
        TestJars.text(
            prefix + "classpath.idx",
            "- \"%slib/two.jar\"\n- \"%slib/one.jar\"\n".formatted(prefix, prefix)),
        TestJars.text("META-INF/services/java.nio.file.spi.FileSystemProvider", "x.Loader"),
        TestJars.text("META-INF/build-info.properties", "b=1"));
  }

  private static final Map<String, String> BOOT =
      Map.of(
          "Main-Class",
          "org.springframework.boot.loader.launch.JarLauncher",
          "Start-Class",
          "a.Main",
          "Spring-Boot-Classpath-Index",
          "BOOT-INF/classpath.idx",
          "Spring-Boot-Version",
          "3.9.9",
          "Implementation-Version",
          "7");

  private void assertBoot(App app, String jar) throws IOException {
    assertEquals(App.Kind.SPRING_BOOT, app.kind());
    assertEquals("a.Main", app.mainClass());
    assertEquals(
        List.of(jar, "app/lib/two.jar", "app/lib/one.jar", "app/lib/three.jar"), app.classPath());
    assertEquals(List.of(), app.warnings());
    try (Archive archive = Archive.open(jar, content(app, jar))) {
      List<String> names = new ArrayList<>();
      archive.names().forEach(names::add);
      assertEquals(
          List.of(
              "META-INF/MANIFEST.MF",
              "META-INF/build-info.properties",
              "a/Main.class",
              "application.properties"),
          names);
      assertEquals("a.Main", archive.manifest().getValue("Main-Class"));
      assertEquals("7", archive.manifest().getValue("Implementation-Version"));
      assertEquals("3.9.9", archive.manifest().getValue("Spring-Boot-Version"));
      assertFalse(archive.manifest().containsKey(new Attributes.Name("Start-Class")));
    }
    try (Archive two = Archive.open("two.jar", content(app, "app/lib/two.jar"))) {
      assertTrue(two.has("two.txt"));
    }
  }

  @Test
  void springBootJarBecomesPlainJars() throws IOException {
    Path jar = jar("shop.jar", BOOT, boot("BOOT-INF/"));
    App app = read(jar);
    assertBoot(app, "app/shop.jar");
    byte[] bytes = content(app, "app/shop.jar").bytes();
    assertArrayEquals(bytes, content(read(jar), "app/shop.jar").bytes());
    // A standard reader takes what we wrote, and finds the directory of a package.
    List<String> names = new ArrayList<>();
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(bytes))) {
      assertNotNull(in.getManifest());
      for (ZipEntry next = in.getNextEntry(); next != null; next = in.getNextEntry()) {
        in.readAllBytes();
        names.add(next.getName());
      }
    }
    assertEquals(
        List.of(
            "META-INF/",
            "META-INF/build-info.properties",
            "a/",
            "a/Main.class",
            "application.properties"),
        names);
    Path beside = Files.createDirectories(scratch.resolve("given/config"));
    Files.writeString(beside.resolve("application.yml"), "x: 1");
    App directory = read(scratch.resolve("given"));
    assertBoot(directory, "app/shop.jar");
    assertEquals(4, content(directory, "app/config/application.yml").size());
  }

  @Test
  void springBootJarHasTheOptionsOfItsManifest() throws IOException {
    Map<String, String> manifest = new TreeMap<>(BOOT);
    manifest.put("Add-Opens", "java.base/java.lang");
    manifest.put("Enable-Native-Access", "ALL-UNNAMED");
    App app = read(jar("shop.jar", manifest, boot("BOOT-INF/")));
    assertEquals(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"),
        app.jvmOptions());
  }

  @Test
  void explodedSpringBootIsTheSame() throws IOException {
    Path directory = scratch.resolve("shop");
    for (Map.Entry<String, byte[]> entry : boot("BOOT-INF/").entrySet()) {
      Path file = directory.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue());
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    BOOT.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
    try (var out = Files.newOutputStream(directory.resolve("META-INF/MANIFEST.MF"))) {
      manifest.write(out);
    }
    assertBoot(read(directory), "app/shop.jar");
  }

  @Test
  void springBootWarKeepsItsDocuments() throws IOException {
    Map<String, String> manifest =
        Map.of(
            "Main-Class",
            "org.springframework.boot.loader.launch.WarLauncher",
            "Start-Class",
            "a.Main");
    App app =
        read(
            jar(
                "shop.war",
                manifest,
                TestJars.all(
                    boot("WEB-INF/"),
                    TestJars.text("index.html", "<p>"),
                    Map.of(
                        "WEB-INF/lib-provided/four.jar",
                        TestJars.jarBytes(scratch, Map.of(), Map.of())))));
    assertEquals(App.Kind.SPRING_BOOT, app.kind());
    assertTrue(app.classPath().contains("app/lib/four.jar"));
    assertEquals(3, content(app, "app/public/index.html").size());
  }

  @Test
  void warNeedsAServerOfItsOwn() throws IOException {
    assertRefused(
        "is a war without a Main-Class: it needs a server",
        jar("x.war", Map.of(), TestJars.text("WEB-INF/web.xml", "<x/>")));
    App app =
        read(
            jar(
                "y.war",
                Map.of("Main-Class", "a.Main"),
                TestJars.all(main(), TestJars.text("WEB-INF/web.xml", "<x/>"))));
    assertEquals(App.Kind.EXECUTABLE_WAR, app.kind());
    assertEquals(List.of("app/y.war"), app.classPath());
  }

  @Test
  void directoryIsAnAppWhenOneOfItsJarsStarts() throws IOException {
    jar("lib/one.jar", Map.of(), Map.of());
    Path run = jar("run.jar", Map.of("Main-Class", "a.Main", "Class-Path", "lib/one.jar"), main());
    Path script = Files.writeString(scratch.resolve("given/go.sh"), "#!/bin/sh\n");
    assertTrue(script.toFile().setExecutable(true));
    App app = read(scratch.resolve("given"));
    assertEquals(App.Kind.DIRECTORY, app.kind());
    assertEquals(List.of("app/run.jar", "app/lib/one.jar"), app.classPath());
    assertEquals(10, content(app, "app/go.sh").size());
    Node node = app.files().get("app/go.sh");
    assertEquals(0755, node == null ? 0 : node.mode());
    jar("lib/two.jar", Map.of(), Map.of());
    App named = App.of(AppRequest.of(List.of(scratch.resolve("given")), "a.Main"));
    assertEquals(List.of("app/run.jar", "app/lib/one.jar", "app/lib/two.jar"), named.classPath());
    jar("also.jar", Map.of("Main-Class", "a.Main"), main());
    assertRefused("has a Main-Class: [also.jar, run.jar]. Say which", scratch.resolve("given"));
    Files.delete(scratch.resolve("given/also.jar"));
    Files.delete(run);
    assertRefused("no jar in", scratch.resolve("given"));
  }

  @Test
  void otherFilesLieInTheWorkingDirectory() throws IOException {
    Path jar = jar("app.jar", Map.of("Main-Class", "a.Main"), main());
    Path config = Files.writeString(scratch.resolve("a.conf"), "1");
    Path data = Files.createDirectories(scratch.resolve("data/x"));
    Files.writeString(data.resolve("y"), "22");
    App app =
        App.of(
            new AppRequest(
                List.of(jar), null, List.of(), List.of(), List.of(config, data.getParent())));
    assertEquals(1, content(app, "app/a.conf").size());
    assertEquals(2, content(app, "app/data/x/y").size());
  }

  /** Whole seconds, and odd ones: the older field for times in zip files only has even ones. */
  private static final Instant LATER = Instant.parse("2024-05-06T07:08:09Z");

  private static void touch(Path file, Instant time) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  private static Instant time(App app, String path) {
    Node node = app.files().get(path);
    return node instanceof Node.RegularFile file ? Instant.ofEpochSecond(file.time()) : Instant.MAX;
  }

  private static Instant timeInJar(App app, String jar, String entry) throws IOException {
    try (Archive archive = Archive.open(jar, content(app, jar))) {
      return Instant.ofEpochSecond(archive.time(entry));
    }
  }

  @Test
  void filesHaveTheirOwnTimesAndJarsThatOfTheNewestFileInThem() throws IOException {
    Path jar = jar("run.jar", Map.of("Main-Class", "a.Main", "Class-Path", "classes/"), main());
    Path classes = Files.createDirectories(scratch.resolve("given/classes/a"));
    Path page = Files.writeString(classes.resolve("page.html"), "<p>");
    Path compiled = Files.write(classes.resolve("Main.class"), main().get("a/Main.class"));
    Path style = Files.writeString(scratch.resolve("given/style.css"), "p {}");
    touch(style, LATER);
    touch(page, LATER.plusSeconds(2));
    touch(compiled, LATER.plusSeconds(4));
    App first = read(scratch.resolve("given"));
    assertEquals(LATER, time(first, "app/style.css"));
    assertEquals(LATER.plusSeconds(2), timeInJar(first, "app/classes.jar", "a/page.html"));
    assertEquals(LATER.plusSeconds(2), time(first, "app/classes.jar"), "a class has no time");
    Instant ofJar = time(first, "app/run.jar");
    assertEquals(timeInJar(first, "app/run.jar", "a/Main.class"), ofJar);

    touch(style, LATER.plusSeconds(10));
    touch(compiled, LATER.plusSeconds(20));
    touch(jar, LATER.plusSeconds(30));
    App second = read(scratch.resolve("given"));
    assertEquals(LATER.plusSeconds(10), time(second, "app/style.css"));
    assertEquals(ofJar, time(second, "app/run.jar"), "a jar that was copied is the same jar");
    assertArrayEquals(
        content(first, "app/classes.jar").bytes(), content(second, "app/classes.jar").bytes());
    assertEquals(time(first, "app/classes.jar"), time(second, "app/classes.jar"));

    touch(page, LATER.plusSeconds(40));
    App third = read(scratch.resolve("given"));
    assertEquals(LATER.plusSeconds(40), time(third, "app/classes.jar"));
  }

  @Test
  void aZipFilesTimeWithoutAZoneIsTheSameEverywhere() throws IOException {
    Path jar = scratch.resolve("local.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      ZipEntry entry = new ZipEntry("page.html");
      entry.setTimeLocal(LocalDateTime.of(2024, 5, 6, 7, 8, 10));
      out.putNextEntry(entry);
    }
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("Pacific/Kiritimati", "UTC", "America/Los_Angeles")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try (Archive archive = Archive.open(jar)) {
          assertEquals(LATER.plusSeconds(1).getEpochSecond(), archive.newest(), zone);
        }
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void mainMethodIsWhatJava25Takes() throws IOException {
    Map<String, byte[]> classes =
        TestJars.compile(
            scratch,
            "package a; class Usual { static void main(String[] args) {} }",
            "package a; class Instance { void main() {} }",
            "package a; class Protected { protected static void main() {} }",
            "package a; interface OfInterface { static void main(String[] args) {} }",
            "package a; class Inherits extends b.Base {}",
            "package a; class Default implements WithDefault {}",
            "package a; interface WithDefault { default void main() {} }",
            "package a; class OfJdk extends javax.swing.JPanel {}",
            "package b; public class Base {"
                + " protected static void main(String[] args) {} static void main() {} }",
            "package a; class Private { private static void main(String[] args) {} }",
            "package a; class Other { static void main(int x) {} }",
            "package a; class Returns { static int main(String[] args) { return 1; } }",
            "package a; class Needy { Needy(int x) {} void main() {} }",
            "package a; class Closed { private Closed() {} void main() {} }",
            "package a; abstract class Abstract { void main() {} }",
            "package a; class NotInherited extends b.Hidden {}",
            "package b; public class Hidden { static void main(String[] args) {} }",
            "package a; class NotOfInterface implements OfInterface {}");
    Path jar = jar("m.jar", Map.of(), classes);
    for (String name :
        List.of("Usual", "Instance", "Protected", "OfInterface", "Inherits", "Default", "OfJdk")) {
      assertEquals("a." + name, App.of(AppRequest.of(List.of(jar), "a." + name)).mainClass());
    }
    for (String name : List.of("Private", "Other", "Returns", "NotInherited", "NotOfInterface")) {
      assertRefused(
          "the main class a.%s (m.jar) has no main method".formatted(name),
          AppRequest.of(List.of(jar), "a." + name));
    }
    for (String name : List.of("Needy", "Closed")) {
      assertRefused("but no constructor", AppRequest.of(List.of(jar), "a." + name));
    }
    assertRefused("but is abstract", AppRequest.of(List.of(jar), "a.Abstract"));
  }

  @Test
  void theOnlyClassWithAMainMethodIsTheMainClass() throws IOException {
    Map<String, byte[]> other =
        TestJars.compile(
            scratch,
            "package a; class Helper { void main() {} }",
            "package a; class None { private static void main(String[] args) {} }",
            "package a; class Needy { Needy(int x) {} void main() {} }");
    Path plain = jar("plain.jar", Map.of("Add-Opens", "a/b"), TestJars.all(main(), other));
    App app = read(plain);
    assertEquals("a.Main", app.mainClass());
    assertEquals(App.Kind.CLASS_PATH, app.kind());
    assertEquals("a.Helper", read(jar("helper.jar", Map.of(), other)).mainClass());
    Map<String, byte[]> two =
        TestJars.compile(
            scratch,
            "package a; public class Main { public static void main(String[] args) {} }",
            "package b; public class Other { public static void main(String[] args) {} }");
    assertRefused(
        "two.jar has no Main-Class, and more than one class has a main method, such as a.Main and"
            + " b.Other: say which class to start",
        jar("two.jar", Map.of(), two));
  }

  @Test
  void theFirstJarOfAClassPathSaysTheMainClass() throws IOException {
    Path library = TestJars.jar(scratch.resolve("repository/lib.jar"), Map.of(), main());
    Path named =
        jar(
            "named.jar",
            Map.of("Main-Class", "a.Main", "Class-Path", "lib.jar x.jar", "Add-Opens", "a/b"),
            Map.of());
    App app =
        App.of(new AppRequest(List.of(named, library), null, List.of(), List.of(), List.of()));
    assertEquals("a.Main", app.mainClass());
    assertEquals(App.Kind.CLASS_PATH, app.kind());
    assertEquals(List.of("--add-opens=a/b=ALL-UNNAMED"), app.jvmOptions());
    assertEquals(List.of("app/lib/named.jar", "app/lib/lib.jar"), app.classPath());
    assertEquals(
        List.of("x.jar of the Class-Path of named.jar isn't there"),
        app.warnings(),
        "lib.jar is there, though elsewhere");
  }

  @Test
  void saysWhyAJarCannotBeStarted() throws IOException {
    assertRefused(
        "a.jar has no Main-Class: say which class to start", jar("a.jar", Map.of(), Map.of()));
    byte[] tooNew = main().get("a/Main.class");
    tooNew[7] = 70;
    assertRefused(
        "class a.Main (b.jar) has class file version 70.0: it was compiled for Java 26",
        jar("b.jar", Map.of("Main-Class", "a.Main"), Map.of("a/Main.class", tooNew)));
    byte[] preview = main().get("a/Main.class");
    preview[4] = (byte) 0xff;
    preview[5] = (byte) 0xff;
    preview[7] = 68;
    assertRefused(
        "uses preview features of Java 24",
        jar("c.jar", Map.of("Main-Class", "a.Main"), Map.of("a/Main.class", preview)));
    preview[7] = 69;
    Path now = jar("h.jar", Map.of(), Map.of("a/Main.class", preview));
    assertRefused(
        "uses preview features: it needs the JVM option --enable-preview",
        AppRequest.of(List.of(now), "a.Main"));
    List<String> options = List.of("--enable-preview");
    assertEquals(
        options,
        App.of(new AppRequest(List.of(now), "a.Main", options, List.of(), List.of())).jvmOptions());
    assertRefused(
        "d.jar is not a readable zip file",
        Files.writeString(scratch.resolve("d.jar"), "no zip at all"));
    byte[] whole = Files.readAllBytes(jar("e.jar", Map.of("Main-Class", "a.Main"), main()));
    assertRefused(
        "f.jar is not a readable zip file",
        Files.write(scratch.resolve("f.jar"), Arrays.copyOf(whole, whole.length / 2)));
    // The central directory's entry of the class has its method at offset 10: 93 is zstd.
    int entry = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
    whole[entry + 10] = 93;
    assertRefused(
        "a/Main.class of i.jar is compressed by method 93, which the JVM doesn't read",
        Files.write(scratch.resolve("i.jar"), whole));
    assertRefused(
        "class a.Main (g.jar) is broken",
        jar(
            "g.jar",
            Map.of("Main-Class", "a.Main"),
            Map.of("a/Main.class", Arrays.copyOf(main().get("a/Main.class"), 40))));
  }

  @Test
  void multiReleaseJarCountsUpToJava25() throws IOException {
    byte[] main = main().get("a/Main.class");
    byte[] old = TestJars.compile(scratch, "package a; class Main {}").get("a/Main.class");
    byte[] tooNew = main.clone();
    tooNew[7] = 70;
    Map<String, byte[]> entries =
        Map.of(
            "a/Main.class", old,
            "META-INF/versions/11/a/Main.class", old,
            "META-INF/versions/25/a/Main.class", main,
            "META-INF/versions/26/a/Main.class", tooNew);
    assertEquals(
        "a.Main",
        read(jar("m.jar", Map.of("Main-Class", "a.Main", "Multi-Release", "true"), entries))
            .mainClass());
    assertRefused("has no main method", jar("n.jar", Map.of("Main-Class", "a.Main"), entries));
  }
}

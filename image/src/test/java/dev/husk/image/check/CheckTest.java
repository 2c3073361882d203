package dev.husk.image.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.husk.image.app.App;
import dev.husk.image.app.AppRequest;
import dev.husk.image.app.TestJars;
import dev.husk.image.check.NativeLibrary.Seam;
import dev.husk.image.elf.Machine;
import dev.husk.image.elf.SearchPath;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckTest {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  private static final String MAIN =
      "package a; public class Main { public static void main(String[] args) {} }";

  @TempDir Path scratch;

  private Report check(Map<String, byte[]> entries, String... sources) throws IOException {
    return check(List.of(), entries, sources);
  }

  private Report check(List<String> options, Map<String, byte[]> entries, String... sources)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(sources));
    all.add(MAIN);
    Map<String, byte[]> classes = TestJars.compile(scratch, all.toArray(String[]::new));
    Path jar =
        TestJars.jar(
            scratch.resolve("app.jar"),
            Map.of("Main-Class", "a.Main"),
            TestJars.all(classes, entries));
    return Check.of(
        App.of(new AppRequest(List.of(jar), null, options, List.of(), List.of())), JAVA_HOME);
  }

  private static Map<String, String> reasons(Report report, boolean certain) {
    Map<String, String> reasons = new HashMap<>();
    for (ModuleNeed need : report.modules()) {
      if (need.certain() == certain) {
        reasons.put(need.module(), need.because());
      }
    }
    return reasons;
  }

  @Test
  void nothingStandsInTheWayOfAPlainApp() throws IOException {
    Report report = check(Map.of());
    assertEquals(List.of(), report.modules());
    assertEquals(1, report.classes());
    assertEquals("runs: nothing stands in the way", report.verdict());
    assertEquals(
        """
        app.jar: executable jar, main class a.Main, 1 jar, 1 class, 0 native methods

        runs: nothing stands in the way
        """,
        report.text());
  }

  @Test
  void namesModulesAndWhoNeedsThem() throws IOException {
    Report report =
        check(
            List.of("-javaagent:x.jar", "--add-modules=jdk.net"),
            Map.of(),
            "package a; class Sql { Object o() { return new java.sql.SQLException(); } }",
            "package a; class Field { java.beans.PropertyChangeListener[] fields; }",
            "package a; class Log { Class<?> c() { return java.util.logging.Logger[].class; } }",
            "package a; class Beans { Object o() {"
                + " return java.lang.management.ManagementFactory.getRuntimeMXBean(); } }",
            "package a; class Zip { Object o() throws Exception { return"
                + " java.nio.file.FileSystems.newFileSystem(java.nio.file.Path.of(\"\")); } }",
            "package a; class Name { String s = \"com.sun.jndi.dns.DnsContextFactory\";"
                + " String t = \"com.sun.jndi.ldap.NoSuchThing\"; }",
            "package a; class Charsets { Object o() {"
                + " return java.nio.charset.Charset.forName(\"IBM1047\"); } }",
            "package a; class Serve { Object o() { return java.util.ServiceLoader.load("
                + "java.util.spi.ToolProvider.class); } }");
    Map<String, String> certain = reasons(report, true);
    assertEquals("a.Sql (app.jar) uses java.sql.SQLException", certain.get("java.sql"));
    assertEquals(
        "a.Field (app.jar) uses java.beans.PropertyChangeListener", certain.get("java.desktop"));
    assertEquals("a.Log (app.jar) uses java.util.logging.Logger", certain.get("java.logging"));
    assertEquals("of the option -javaagent:x.jar", certain.get("java.instrument"));
    assertEquals("of the option --add-modules=jdk.net", certain.get("jdk.net"));
    assertTrue(certain.containsKey("java.management"));
    assertEquals(6, certain.size(), certain::toString);
    Map<String, String> likely = reasons(report, false);
    assertEquals("a.Beans (app.jar) asks for the JVM's beans", likely.get("jdk.management"));
    assertEquals("a.Zip (app.jar) opens zip files as file systems", likely.get("jdk.zipfs"));
    assertEquals(
        "a.Name (app.jar) names com.sun.jndi.dns.DnsContextFactory", likely.get("jdk.naming.dns"));
    assertEquals(
        "a.Charsets (app.jar) names the character set IBM1047", likely.get("jdk.charsets"));
    assertEquals(
        "a.Serve (app.jar) looks up services, and it provides java.util.spi.ToolProvider",
        likely.get("jdk.compiler"));
    assertFalse(likely.containsKey("java.naming"));
  }

  @Test
  void findsTheCallersOfWhatAnImageServesOtherwise() throws IOException {
    Report report =
        check(
            Map.of(),
            "package a; class Run { void run() throws Exception {"
                + " new ProcessBuilder(\"ls\").start(); Runtime.getRuntime().exec(\"ls\"); } }",
            "package a; class Ref { java.util.concurrent.Callable<?> c(ProcessBuilder b) {"
                + " return b::start; } }",
            "package a; class Lib { static { System.loadLibrary(\"x\"); } native void n(); }",
            "package a; class Gui extends javax.swing.JFrame { }",
            "package a; class Tty { Object o() { return System.console(); } }",
            "package a; class Ffm { Object o() {"
                + " return java.lang.foreign.Linker.nativeLinker(); } }");
    assertEquals(
        List.of(
            new CallSite(Topic.PROCESS, "app.jar", "a.Ref#c", "java.lang.ProcessBuilder.start"),
            new CallSite(Topic.PROCESS, "app.jar", "a.Run#run", "java.lang.ProcessBuilder.start"),
            new CallSite(Topic.PROCESS, "app.jar", "a.Run#run", "java.lang.Runtime.exec")),
        report.calls(Topic.PROCESS));
    assertEquals(
        List.of(
            new CallSite(
                Topic.LIBRARY, "app.jar", "a.Lib#<clinit>", "java.lang.System.loadLibrary")),
        report.calls(Topic.LIBRARY));
    assertEquals(
        List.of(new CallSite(Topic.DISPLAY, "app.jar", "a.Gui#<init>", "new javax.swing.JFrame")),
        report.calls(Topic.DISPLAY));
    assertEquals(1, report.calls(Topic.CONSOLE).size());
    assertEquals(1, report.calls(Topic.FOREIGN).size());
    assertEquals(1, report.nativeMethods());
    assertEquals("runs, but see: 4 calls that an image can't serve", report.verdict());
    assertTrue(
        report
            .text()
            .contains(
                """
                processes (3): an image holds no other programs
                  a.Ref#c (app.jar) calls java.lang.ProcessBuilder.start
                  a.Run#run (app.jar) calls java.lang.ProcessBuilder.start
                  a.Run#run (app.jar) calls java.lang.Runtime.exec
                """),
        report::text);
  }

  @Test
  void tellsClassesAndJarsThatCannotBeRead() throws IOException {
    byte[] tooNew = TestJars.compile(scratch, MAIN).get("a/Main.class");
    tooNew[7] = 71;
    Report report =
        check(
            Map.of(
                "b/Zero.class",
                new byte[9],
                "b/One.class",
                tooNew,
                "b/Two.class",
                tooNew,
                "META-INF/versions/27/b/Three.class",
                tooNew,
                "b/Broken.class",
                Arrays.copyOf(TestJars.compile(scratch, MAIN).get("a/Main.class"), 99)));
    assertEquals(
        List.of(
            "class b.One (app.jar) has class file version 71.0: it was compiled for Java 27,"
                + " and images run Java 25, and 1 more of this jar"),
        report.errors());
    assertEquals(1, report.warnings().size(), report::text);
    String warning = report.warnings().getFirst();
    assertTrue(warning.startsWith("class b.Broken (app.jar) is broken: "), warning);
    assertTrue(warning.endsWith(", and 1 more of this jar"), warning);
    assertEquals("can't run: 1 error", report.verdict());
    Path main = TestJars.jar(scratch.resolve("m.jar"), Map.of(), TestJars.compile(scratch, MAIN));
    Path corrupt = TestJars.jar(scratch.resolve("c.jar"), Map.of(), Map.of("x.class", tooNew));
    App app = App.of(AppRequest.of(List.of(main, corrupt), "a.Main"));
    Files.writeString(corrupt, "not a zip file any more");
    assertTrue(
        Check.of(app, JAVA_HOME).errors().getFirst().startsWith("c.jar is not a readable zip"));
  }

  @Test
  void brokenClassesEndInWarnings() throws IOException {
    byte[] seed = TestJars.compile(scratch, MAIN).get("a/Main.class");
    Map<String, byte[]> entries = new HashMap<>();
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = seed.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
      }
      entries.put("b/B" + i + ".class", bytes);
    }
    Report report = check(entries);
    assertEquals(501, report.classes());
    assertEquals(List.of(), report.errors());
    assertEquals(1, report.warnings().size());
  }

  @Test
  void jsonHoldsTheSame() throws IOException {
    Report report =
        check(
            Map.of(
                "META-INF/x/libextnet.so",
                Files.readAllBytes(JAVA_HOME.resolve("lib/libextnet.so"))),
            "package a; class Tty { Object o() { return System.console(); } }");
    StringWriter out = new StringWriter();
    report.writeJson(out);
    List<String> topics = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(out.toString())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "topic".equals(json.currentName())) {
          topics.add(json.getText());
        } else if (token == JsonToken.VALUE_STRING && "entry".equals(json.currentName())) {
          entries.add(json.getText());
        }
      }
    }
    assertEquals(List.of("console"), topics);
    assertEquals(List.of("META-INF/x/libextnet.so"), entries);
  }

  /** A jar that another module of the build brings; an older checkout may not have it yet. */
  private static Path real(String path) {
    Path repository =
        Path.of(
            System.getProperty(
                "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
    Path jar = repository.resolve(path);
    Assumptions.assumeTrue(Files.exists(jar), jar + " isn't there");
    return jar;
  }

  private Report checkReal(String... paths) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String path : paths) {
      jars.add(real(path));
    }
    jars.add(TestJars.jar(scratch.resolve("m.jar"), Map.of(), TestJars.compile(scratch, MAIN)));
    return Check.of(App.of(AppRequest.of(jars, "a.Main")), JAVA_HOME);
  }

  @Test
  void nettysOwnTransportBypassesHusk() throws IOException {
    Report report =
        checkReal(
            "io/netty/netty-transport-native-epoll/4.2.17.Final/netty-transport-native-epoll-4.2.17.Final-linux-x86_64.jar");
    if (!"amd64".equals(System.getProperty("os.arch"))) {
      assertEquals(1, report.otherLibraries());
      return;
    }
    NativeLibrary library = report.libraries().getFirst();
    assertTrue(library.jni());
    assertEquals(List.of("libdl.so.2", "librt.so.1", "libc.so.6"), library.needed());
    assertEquals(Seam.SOCKETS, library.bypasses().getFirst().seam());
    assertTrue(library.bypasses().getFirst().functions().contains("epoll_wait"));
    assertEquals(List.of(), report.warnings());
    assertTrue(
        report
            .text()
            .contains(
                "its sockets bypass Husk; calls calloc, malloc itself: its memory comes from the C"
                    + " library, not from Husk; -Dio.netty.transport.noNative=true makes Netty use"
                    + " the JDK's"),
        report::text);
  }

  @Test
  void snappysLibraryForThisMachineIsFoundAmongAll() throws IOException {
    Report report = checkReal("org/xerial/snappy/snappy-java/1.1.10.8/snappy-java-1.1.10.8.jar");
    assertEquals(1, report.libraries().size(), report::text);
    assertTrue(report.libraries().getFirst().entry().startsWith("org/xerial/snappy/native/Linux/"));
    assertTrue(report.otherLibraries() > 15, report::text);
    assertTrue(
        report
            .text()
            .contains(
                "\nnative libraries (1), and %d for other machines\n"
                    .formatted(report.otherLibraries())),
        report::text);
    assertTrue(report.nativeMethods() > 10, report::text);
    assertTrue(
        report.calls(Topic.LIBRARY).stream()
            .anyMatch(call -> call.caller().startsWith("org.xerial.snappy.SnappyLoader#")),
        report::text);
  }

  @Test
  void namesOfCharacterSetsCountWhereverTheyAreTaken() throws IOException {
    String template =
        "package a; class B { Object o(byte[] b, java.io.InputStream i) throws Exception {"
            + " return %s; } }";
    for (String use :
        List.of(
            "new String(b, \"IBM037\")",
            "\"x\".getBytes(\"IBM1047\")",
            "new java.io.InputStreamReader(i, \"ISO-2022-JP\")",
            "java.net.URLEncoder.encode(\"x\", \"IBM273\")")) {
      Report report = check(Map.of(), template.formatted(use));
      assertEquals(Set.of("jdk.charsets"), reasons(report, false).keySet(), use);
    }
    assertEquals(List.of(), check(Map.of(), template.formatted("\"IBM037\" + i")).modules());
    assertEquals(
        List.of(), check(Map.of(), template.formatted("new String(b, \"UTF-8\")")).modules());
  }

  @Test
  void languagesBesidesTheAmericanNeedTheirData() throws IOException {
    String template = "package a; class B { Object o() { return %s; } }";
    for (String use :
        List.of(
            "String.format(java.util.Locale.GERMANY, \"%,.2f\", 1.5)",
            "java.time.DayOfWeek.MONDAY.getDisplayName(null, null)",
            "java.text.NumberFormat.getIntegerInstance()")) {
      Report report = check(Map.of(), template.formatted(use));
      assertEquals(Set.of("jdk.localedata"), reasons(report, false).keySet(), use);
    }
    String root = template.formatted("\"x\".toUpperCase(java.util.Locale.ROOT)");
    assertEquals(List.of(), check(Map.of(), root).modules());
  }

  @Test
  void whatNativeLibrariesNeedOfTheSystemIsNamed() throws IOException {
    // One that needs another which the JVM doesn't.
    Path library = Path.of("/usr/lib/x86_64-linux-gnu/libstdc++.so.6");
    Assumptions.assumeTrue(Files.exists(library), library + " isn't there");
    assertEquals(List.of(), check(Map.of()).systemLibraries());
    Report report = check(Map.of("native/libx.so", Files.readAllBytes(library)));
    assertEquals(
        List.of("libgcc_s.so.1"),
        report.systemLibraries().stream().map(path -> path.getFileName().toString()).toList());
    assertTrue(
        report
            .text()
            .contains("\nlibraries of this system (1): those need them, and an image gets them\n"),
        report::text);
    assertEquals(List.of(), report.warnings());
  }

  /** FreeBSD's say so in their header, OpenBSD's in a note; neither has to name a C library. */
  @Test
  void librariesOfOtherSystemsAreNotForThisOne() throws IOException {
    byte[] linux = Files.readAllBytes(JAVA_HOME.resolve("lib/libnio.so"));
    byte[] freeBsd = linux.clone();
    freeBsd[7] = 9;
    Report report =
        check(
            Map.of(
                "linux/liba.so",
                linux,
                "freebsd/liba.so",
                freeBsd,
                "openbsd/liba.so",
                withNoteOf(linux, "OpenBSD\0"),
                "unknown/liba.so",
                withNoteOf(linux, "Unknown\0")));
    assertEquals(
        Set.of("linux/liba.so", "unknown/liba.so"),
        report.libraries().stream().map(NativeLibrary::entry).collect(Collectors.toSet()));
    assertEquals(2, report.otherLibraries());
    assertEquals(List.of(), report.warnings());
  }

  /** A file with another note of the same size in the place of GNU's build ID of 20 bytes. */
  private static byte[] withNoteOf(byte[] elf, String owner) {
    String bytes = new String(elf, StandardCharsets.ISO_8859_1);
    String buildId = "\4\0\0\0\24\0\0\0\3\0\0\0GNU\0";
    assertTrue(bytes.contains(buildId));
    String note = "\10\0\0\0\20\0\0\0\3\0\0\0" + owner;
    int at = bytes.indexOf(buildId);
    return (bytes.substring(0, at) + note + bytes.substring(at + note.length()))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void libraryForMuslServesMuslAlone() throws IOException {
    Path snappy = real("org/xerial/snappy/snappy-java/1.1.10.8/snappy-java-1.1.10.8.jar");
    Path main = TestJars.jar(scratch.resolve("m.jar"), Map.of(), TestJars.compile(scratch, MAIN));
    Report report =
        Check.of(
            App.of(AppRequest.of(List.of(main, snappy), "a.Main")),
            JAVA_HOME,
            List.of(),
            SearchPath.musl(scratch, Machine.X86_64));
    assertEquals(
        List.of("org/xerial/snappy/native/Linux/x86_64-musl/libsnappyjava.so"),
        report.libraries().stream().map(NativeLibrary::entry).toList());
    assertEquals(
        "libc.musl-x86_64.so.1 needed by libsnappyjava.so of snappy-java-1.1.10.8.jar isn't there",
        report.warnings().getFirst());
  }

  @Test
  void serversNeedWhatTheyAreKnownToNeed() throws IOException {
    String[] servers = {
      "com/h2database/h2/2.4.240/h2-2.4.240.jar",
      "org/apache/tomcat/embed/tomcat-embed-core/11.0.13/tomcat-embed-core-11.0.13.jar",
      "org/apache/kafka/kafka-clients/4.1.1/kafka-clients-4.1.1.jar",
      "org/apache/zookeeper/zookeeper/3.9.5/zookeeper-3.9.5.jar",
      "org/eclipse/jetty/jetty-server/12.1.13/jetty-server-12.1.13.jar"
    };
    Report report = checkReal(servers);
    assertEquals(List.of(), report.errors());
    assertTrue(
        reasons(report, true)
            .keySet()
            .containsAll(
                Set.of(
                    "java.sql",
                    "java.desktop",
                    "java.naming",
                    "java.management",
                    "java.security.sasl",
                    "java.xml",
                    "java.logging")),
        report::text);
    assertTrue(reasons(report, false).containsKey("jdk.zipfs"), report::text);
    assertTrue(
        report.calls(Topic.PROCESS).stream().anyMatch(call -> call.caller().startsWith("org.h2.")),
        report::text);
  }

  @Test
  void saysTheSameEachTime() throws IOException {
    String[] jars = {
      "org/apache/zookeeper/zookeeper/3.9.5/zookeeper-3.9.5.jar",
      "org/eclipse/jetty/jetty-server/12.1.13/jetty-server-12.1.13.jar"
    };
    assertEquals(checkReal(jars), checkReal(jars));
  }
}

package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Apps as people have them, as images: what they answer and print, and how they end, is what the
 * stock JVM makes of the same files. All is done by the commands that a user would type.
 */
@Timeout(value = 12, unit = TimeUnit.MINUTES)
final class RealAppsTest {
  private static final boolean LONG = Boolean.getBoolean("husk.long");
  private static final int PORT = 8080;

  /** What each app said on the stock JVM. */
  private static final Map<RealApp, Said> STOCK = new EnumMap<>(RealApp.class);

  @TempDir private Path folder;

  /**
   * What an app showed.
   *
   * @param answers to all that it was asked
   * @param output all that it printed, of a program on stdout alone
   */
  private record Said(List<String> answers, String output) {}

  static Stream<Arguments> inContainers() {
    return Stream.concat(
        apps(RealApp.PROGRAM).map(app -> Arguments.of(app, true)),
        apps(RealApp.SHOP).map(app -> Arguments.of(app, false)));
  }

  static Stream<RealApp> inMachines() {
    return apps(RealApp.PROGRAM);
  }

  /** What {@code -Dhusk.it.images=TOMCAT,SHOP} names, else all, else the one that is quick. */
  private static Stream<RealApp> apps(RealApp quick) {
    String named = System.getProperty("husk.it.images", "");
    if (!named.isEmpty()) {
      return Stream.of(named.split(",")).map(RealApp::valueOf);
    }
    return LONG ? Stream.of(RealApp.values()) : Stream.of(quick);
  }

  @ParameterizedTest
  @EnumSource
  void aCheckFindsWhatItNeedsAndNothingInItsWay(RealApp app) throws Exception {
    app.lay(folder.resolve("app"));
    List<String> words = new ArrayList<>(List.of("check"));
    words.addAll(app.given());
    Path report = folder.resolve("report");
    Process check = Husk.command(words).in(folder.resolve("app")).start(report);
    assertEquals(0, check.waitFor(), () -> Husk.text(report));
    List<String> lines = Husk.text(report).lines().map(String::strip).toList();
    for (String module : app.modules()) {
      assertTrue(
          lines.stream().anyMatch(line -> line.matches(module.replace(".", "\\.") + "[ ,].*")),
          () -> module + " is missing: " + Husk.text(report));
    }
    assertTrue(
        lines.stream().noneMatch(line -> line.startsWith("errors") || line.startsWith("warnings")),
        () -> Husk.text(report));
    assertTrue(lines.getLast().startsWith("runs"), lines::getLast);
  }

  @ParameterizedTest
  @MethodSource("inContainers")
  void inAContainerItDoesWhatItDoesOnTheStockJvm(RealApp app, boolean trained) throws Exception {
    Path docker = Needs.engine();
    Said stock = stock(app);
    String name = "husk-it-" + app.name().toLowerCase(Locale.ROOT).replace('_', '-');
    Path image = folder.resolve(name + ".tar");
    pack(app, image, trained);
    call(docker, "load", "-i", image.toString());
    int port = Husk.freePort();
    Path output = folder.resolve("output");
    List<String> run =
        List.of(
            docker.toString(),
            "run",
            "--name=" + name,
            "--network=host",
            "--env=PORT=" + port,
            "--env=INPUT=nothing",
            name);
    try {
      Process client = Husk.started(new ProcessBuilder(run), output, app == RealApp.PROGRAM);
      List<String> answers = answers(app, port, client, output);
      if (app != RealApp.PROGRAM) {
        long start = System.nanoTime();
        // It kills what hasn't ended by then.
        call(docker, "stop", "--time=60", name);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        assertTrue(seconds < 20, () -> "it ended after " + seconds + " s: " + Husk.text(output));
      }
      assertTrue(client.waitFor(2, TimeUnit.MINUTES), () -> Husk.text(output));
      assertEquals(app.status(), client.exitValue(), () -> Husk.text(output));
      assertSame(app, stock, answers, Husk.text(output));
      if (app == RealApp.PROGRAM) {
        assertEquals(stock.output, Husk.text(output));
        withoutTheCache(docker, name, stock, output);
        asAnotherUser(docker, name, stock, output);
      }
    } finally {
      call(docker, "rm", "--force", name);
      call(docker, "image", "rm", "--force", name);
    }
  }

  /** Options at run time may rule the AOT cache out; what the app prints is the same. */
  private static void withoutTheCache(Path docker, String name, Said stock, Path output)
      throws Exception {
    printsTheSame(docker, name, stock, output, "--env=JAVA_TOOL_OPTIONS=-XX:+UseZGC");
  }

  /**
   * As clusters run it that let no root in: as somebody in root's group with no privileges. And as
   * anybody else, where it may write to what is mounted only.
   */
  private static void asAnotherUser(Path docker, String name, Said stock, Path output)
      throws Exception {
    printsTheSame(
        docker,
        name,
        stock,
        output,
        "--user=4711",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges");
    printsTheSame(
        docker,
        name,
        stock,
        output,
        "--user=4711:4711",
        "--read-only",
        "--env=HOME=/tmp",
        "--tmpfs=/tmp",
        "--tmpfs=/app/data:mode=1777");
  }

  private static void printsTheSame(
      Path docker, String name, Said stock, Path output, String... options) throws Exception {
    List<String> run =
        new ArrayList<>(
            List.of(docker.toString(), "run", "--rm", "--network=host", "--env=INPUT=nothing"));
    run.addAll(List.of(options));
    run.add(name);
    Process client = Husk.started(new ProcessBuilder(run), output, true);
    assertTrue(client.waitFor(2, TimeUnit.MINUTES), () -> Husk.text(output));
    assertEquals(RealApp.PROGRAM.status(), client.exitValue(), () -> Husk.text(output));
    assertEquals(stock.output, Husk.text(output));
  }

  /** Else browsers would keep the old one. */
  @Test
  void aStaticFileThatHasChangedHasAnotherTimeAndTag() throws Exception {
    Assumptions.assumeTrue(apps(RealApp.PROGRAM).anyMatch(app -> app == RealApp.TOMCAT));
    Path docker = Needs.engine();
    Path directory = folder.resolve("app");
    RealApp.TOMCAT.lay(directory);
    Path style = directory.resolve("app/webapp/style.css");
    String before = styleOf(docker, directory, "husk-it-before");
    assertEquals(before, styleOf(docker, directory, "husk-it-again"));
    Files.setLastModifiedTime(style, FileTime.from(Instant.parse("2025-01-02T03:04:05Z")));
    String after = styleOf(docker, directory, "husk-it-after");
    assertTrue(before.contains("last-modified: [Mon, 06 May 2024 07:08:09 GMT]"), before);
    assertTrue(after.contains("last-modified: [Thu, 02 Jan 2025 03:04:05 GMT]"), after);
    assertNotEquals(tag(before), tag(after));
  }

  private static String tag(String answer) {
    return answer.lines().filter(line -> line.startsWith("etag: ")).findFirst().orElseThrow();
  }

  /** What a container of the app answers for its style sheet. */
  private String styleOf(Path docker, Path directory, String name) throws Exception {
    Path image = folder.resolve(name + ".tar");
    packLaid(RealApp.TOMCAT, directory, image, false);
    call(docker, "load", "-i", image.toString());
    int port = Husk.freePort();
    Path output = folder.resolve("output");
    List<String> run =
        List.of(
            docker.toString(),
            "run",
            "--name=" + name,
            "--network=host",
            "--env=PORT=" + port,
            name);
    try (HttpClient client = HttpClient.newHttpClient()) {
      await(client, port, Husk.started(new ProcessBuilder(run), output, false), output);
      return Ask.get("/style.css").answer(client, port);
    } finally {
      call(docker, "rm", "--force", name);
      call(docker, "image", "rm", "--force", name);
    }
  }

  @ParameterizedTest
  @MethodSource("inMachines")
  void inAMachineItDoesWhatItDoesOnTheStockJvm(RealApp app) throws Exception {
    Needs.program("qemu-system-x86_64");
    Said stock = stock(app);
    Path image = folder.resolve("app.img");
    pack(app, image, true);
    int port = Husk.freePort();
    Path output = folder.resolve("console");
    List<String> words =
        List.of("boot", image.toString(), "--port=" + port + ":" + PORT, "--memory=1G");
    Process guest = Husk.command(words).in(folder).start(output);
    try {
      List<String> answers = answers(app, port, guest, output);
      if (app != RealApp.PROGRAM) {
        guest.destroy();
      }
      assertTrue(guest.waitFor(2, TimeUnit.MINUTES), () -> Husk.text(output));
      assertEquals(app.status(), guest.exitValue(), () -> Husk.text(output));
      assertSame(app, stock, answers, Husk.text(output));
      if (app == RealApp.PROGRAM) {
        assertPrinted(stock.output, Husk.text(output));
      }
    } finally {
      guest.destroy();
      guest.waitFor(30, TimeUnit.SECONDS);
    }
  }

  private static void assertSame(RealApp app, Said stock, List<String> answers, String output) {
    assertEquals(String.join("\n\n", stock.answers), String.join("\n\n", answers), output);
    assertTrue(output.contains(app.lastWords()), output);
  }

  /** The console of a machine has other lines between those of the app, and is its stdin. */
  private static void assertPrinted(String stock, String console) {
    int at = 0;
    for (String line : stock.lines().toList()) {
      if (!line.startsWith("console: ") && !line.startsWith("standard input: ")) {
        int found = console.indexOf(line, at);
        assertTrue(found >= 0, () -> line + " is missing in:\n" + console);
        at = found + line.length();
      }
    }
  }

  /** What the stock JVM makes of it. */
  private Said stock(RealApp app) throws Exception {
    Said known = STOCK.get(app);
    if (known != null) {
      return known;
    }
    Path directory = folder.resolve("stock");
    app.lay(directory);
    int port = Husk.freePort();
    ProcessBuilder builder = app.stock(directory);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_"));
    // What an image has without being told.
    builder.environment().putAll(Map.of("LANG", "C.UTF-8", "TZ", "Etc/UTC"));
    builder
        .environment()
        .putAll(Map.of("PORT", String.valueOf(port), "INPUT", "nothing", "GREETING", "hello"));
    Path output = folder.resolve("stock-output");
    Process process = Husk.started(builder, output, app == RealApp.PROGRAM);
    try {
      List<String> answers = answers(app, port, process, output);
      if (app != RealApp.PROGRAM) {
        process.destroy();
      }
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), () -> Husk.text(output));
      assertEquals(app.status(), process.exitValue(), () -> Husk.text(output));
      assertTrue(Husk.text(output).contains(app.lastWords()), () -> Husk.text(output));
      Said said = new Said(answers, Husk.text(output));
      STOCK.put(app, said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private void pack(RealApp app, Path image, boolean trained) throws Exception {
    Path directory = folder.resolve("app");
    app.lay(directory);
    packLaid(app, directory, image, trained);
  }

  private void packLaid(RealApp app, Path directory, Path image, boolean trained) throws Exception {
    List<String> words = new ArrayList<>(List.of("pack", "--output=" + image));
    words.add("--env=GREETING=hello");
    if (!trained) {
      words.add("--no-training");
    }
    Path kernel = Needs.kernel();
    if (kernel != null) {
      words.add("--kernel=" + kernel);
    }
    words.addAll(app.given());
    if (!app.args().isEmpty()) {
      words.add("--");
      words.addAll(app.args());
    }
    Path log = folder.resolve("pack.log");
    Process pack = Husk.command(words).in(directory).start(log);
    assertTrue(pack.waitFor(5, TimeUnit.MINUTES), () -> Husk.text(log));
    assertEquals(0, pack.exitValue(), () -> Husk.text(log));
    assertTrue(!Husk.text(log).contains("no AOT cache"), () -> Husk.text(log));
  }

  private static List<String> answers(RealApp app, int port, Process process, Path output)
      throws Exception {
    List<String> answers = new ArrayList<>();
    if (app.asks().isEmpty()) {
      return answers;
    }
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      await(client, port, process, output);
      for (Ask ask : app.asks()) {
        answers.add(ask.answer(client, port));
      }
    }
    return answers;
  }

  /** QEMU takes connections from the beginning; only what the app answers counts. */
  private static void await(HttpClient client, int port, Process process, Path output)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(6);
    while (true) {
      try {
        Ask.get("/").answer(client, port);
        return;
      } catch (IOException e) {
        assertTrue(process.isAlive(), () -> Husk.text(output));
        assertTrue(System.nanoTime() < end, () -> Husk.text(output));
        Thread.sleep(100);
      }
    }
  }

  private void call(Path docker, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(docker.toString()));
    command.addAll(List.of(words));
    Path output = folder.resolve("docker");
    Process process = Husk.started(new ProcessBuilder(command), output, false);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> command + ": " + Husk.text(output));
    assertEquals(0, process.exitValue(), () -> command + ": " + Husk.text(output));
  }
}

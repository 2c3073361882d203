package dev.husk.ab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import dev.husk.ab.Sample;
import dev.husk.ab.Variant;
import dev.husk.ab.measure.Sampler;
import dev.husk.ab.measure.WindowUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.dockerclient.TransportConfig;

final class ContainersTest {
  private static Containers host;
  private static DockerClient client;
  private static String settingsBefore;

  @TempDir Path directory;
  private final List<App> apps = new ArrayList<>();

  @BeforeAll
  static void findEngine() throws Exception {
    settingsBefore = settings();
    try {
      host = Containers.find();
      client = Engine.find().client();
    } catch (IOException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw e;
      }
      Assumptions.abort(e.getMessage());
    }
  }

  @AfterAll
  static void closeHost() throws IOException {
    if (host != null) {
      host.close();
      client.close();
    }
  }

  @AfterEach
  void endApps() {
    apps.forEach(App::close);
  }

  private App start(Launch launch) throws Exception {
    App app = host.start(launch);
    apps.add(app);
    return app;
  }

  private App start(String... args) throws Exception {
    return start(Launches.of(directory, Launches.command(args)));
  }

  @Test
  void aCommandRunsInAnImageOfThisMachinesFiles() throws Exception {
    long before = System.nanoTime();
    // The JDK's archive of classes holds: nothing starts slower than outside.
    List<String> command = Launches.command("listen", "wait");
    command.add(1, "-Xshare:on");
    App app = start(Launches.of(directory, command));
    assertTrue(app.startedNanos() - before >= 0 && app.startedNanos() - System.nanoTime() < 0);
    InetSocketAddress address = Launches.awaitAddress(app);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals("hello", reply);
    }
    assertTrue(app.isAlive());
    assertEquals(1, app.pids().size());
    assertTrue(app.loopbackBytes() > 0);
    assertEquals(address, app.address(address.getPort()));
    assertNull(app.address(1));
    Launches.await(() -> GcText.of(app).contains("Using Serial"), "the log of collections");
    app.close();
    assertFalse(app.isAlive());
    assertEquals(List.of(), app.pids());
    assertTrue(Files.readString(app.log()).contains("listening on " + address.getPort()));
    assertTrue(app.ending().startsWith("exit status 143 (SIGTERM)"), app.ending());
  }

  @Test
  void anEndIsToldWithItsStatusAndTheEndOfTheLog() throws Exception {
    App app = start("say:no database", "exit:3");
    while (app.isAlive()) {
      assertNull(app.address(0), "however early it ends, it isn't one that can't be seen");
    }
    assertEquals("exit status 3; it said:\n  no database", app.ending());
    app.close();
    assertEquals("exit status 3; it said:\n  no database", app.ending());
  }

  @Test
  void anAppThatMissesAFileIsToldHowToAddIt() throws Exception {
    App app = start("read:/srv/not-named.conf");
    Launches.await(() -> !app.isAlive(), "its end");
    assertTrue(app.ending().contains("--volume HOST:PATH:ro adds some"), app.ending());
  }

  @Test
  void limitsHold() throws Exception {
    List<String> command = Launches.command("variable:COLOUR", "fill:400", "wait");
    command.set(1, "-Xmx600m");
    Launch launch =
        new Launch(
            command,
            null,
            Variant.parse("red=env:COLOUR=red"),
            directory.resolve("agent.jar"),
            new Launch.Limits(1, "0", 200),
            Map.of(),
            List.of(),
            0,
            directory);
    App app = start(launch);
    Launches.await(() -> !app.isAlive(), "its end");
    assertTrue(
        app.ending()
            .startsWith(
                "exit status 137 (SIGKILL), by the kernel: it used more memory than its"
                    + " limit; it said:\n  COLOUR=red"),
        app.ending());
    assertTrue(
        GcText.of(app).contains("CPUs: 2 total, 1 available")
            || GcText.of(app).contains("CPUs: 1 total"),
        GcText.of(app));
  }

  @Test
  void aVolumeIsMounted() throws Exception {
    Files.writeString(directory.resolve("file"), "in the volume");
    Launch launch =
        new Launch(
            Launches.command("read:/mounted/file"),
            null,
            Variant.STOCK,
            directory.resolve("agent.jar"),
            Launch.Limits.NONE,
            Map.of(),
            List.of(directory + ":/mounted:ro"),
            0,
            directory);
    App app = start(launch);
    Launches.awaitLog(app, "in the volume");
  }

  @Test
  void theAgentIsInTheImageAndVariantsShareIt() throws Exception {
    Launches.makeAgent(directory.resolve("agent.jar"));
    List<String> command = Launches.command("say:up", "wait");
    App husk = start(Launches.of(sub("b"), command, Variant.parse("b=husk:x=1"), directory));
    Launches.awaitLog(husk, "up");
    assertTrue(Files.readString(husk.log()).startsWith("agent x=1\n"));
    int images = client.listImagesCmd().withLabelFilter(Leftovers.RUN).exec().size();
    App stock = start(Launches.of(sub("a"), command, Variant.STOCK, directory));
    Launches.awaitLog(stock, "up");
    assertEquals(images, client.listImagesCmd().withLabelFilter(Leftovers.RUN).exec().size());
  }

  private Path sub(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  @Test
  void anImageGetsTheAdditionsByAVariable() throws Exception {
    Launches.makeAgent(directory.resolve("agent.jar"));
    List<String> command = Launches.command("listen", "wait");
    Path javaHome = Path.of(System.getProperty("java.home"));
    command.set(0, javaHome.resolve("bin/java").toString());
    try (Images images =
        new Images(client, "test", Leftovers.labels("test"), new Images.User(0, 0))) {
      String image = images.build(javaHome, command, directory.resolve("none"), directory);
      Launch launch =
          new Launch(
              command,
              image,
              Variant.HUSK,
              directory.resolve("agent.jar"),
              Launch.Limits.NONE,
              Map.of(),
              List.of(),
              0,
              directory);
      App app = start(launch);
      Launches.awaitAddress(app);
      assertTrue(Files.readString(app.log()).contains("Picked up JAVA_TOOL_OPTIONS"));
      assertTrue(Files.readString(app.log()).contains("agent null"));
      assertTrue(GcText.of(app).contains("Using Serial"));
      app.close();
    }
  }

  @Test
  void whatCannotBeStartedIsSaid() {
    Launch missing =
        new Launch(
            List.of(),
            "no/such:image",
            Variant.STOCK,
            directory.resolve("agent.jar"),
            Launch.Limits.NONE,
            Map.of(),
            List.of(),
            0,
            directory);
    assertEquals(
        "image 'no/such:image' is not in the engine; build it, or pull it with docker pull",
        assertThrows(IOException.class, () -> host.start(missing)).getMessage());
    assertTrue(
        assertThrows(
                IOException.class, () -> host.start(Launches.of(directory, List.of("./start.sh"))))
            .getMessage()
            .startsWith("'./start.sh': in a container, a command starts with java"));
    Launch badSet =
        Launches.limited(
            Launches.of(directory, Launches.command("wait")), new Launch.Limits(0, "99", 0));
    String message = assertThrows(IOException.class, () -> host.start(badSet)).getMessage();
    assertTrue(
        message.startsWith("the engine can't start the app: Requested CPUs are not available"),
        message);
  }

  @Test
  void samplesComeFromTheContainersProcesses() throws Exception {
    App app = start("fill:50", "busy:500", "wait");
    try (Sampler sampler = Sampler.start(app)) {
      Launches.awaitLog(app, "was busy");
      WindowUsage usage = sampler.open().close(0);
      assertTrue(usage.heapPeakMegabytes() >= 50, usage::toString);
      double cpu = 0;
      double last = 0;
      for (Sample sample : sampler.samples()) {
        cpu += sample.cores() * (sample.seconds() - last);
        last = sample.seconds();
      }
      assertTrue(cpu >= 0.4, "" + cpu);
    }
  }

  @Test
  void leftoversOfADeadRunAreRemovedAndNothingOfALivingOne() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TestContainerParent.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader reader = parent.inputReader();
    assertEquals("up", reader.readLine());
    long owner = parent.pid();
    assertEquals(1, containersOf(owner));
    Leftovers.remove(client);
    assertEquals(1, containersOf(owner));
    parent.destroyForcibly().waitFor();
    Leftovers.remove(client);
    Launches.await(() -> containersOf(owner) == 0, "the removal of the container");
    Launches.await(() -> imagesOf(owner) == 0, "the removal of the image");
  }

  private static long containersOf(long owner) {
    return client
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(List.of(Leftovers.RUN))
        .exec()
        .stream()
        .filter(each -> each.getLabels().get(Leftovers.OWNER).startsWith(owner + " "))
        .count();
  }

  private static long imagesOf(long owner) {
    return client.listImagesCmd().withLabelFilter(Leftovers.RUN).exec().stream()
        .filter(each -> each.getLabels().get(Leftovers.OWNER).startsWith(owner + " "))
        .count();
  }

  @Test
  void theUsersSettingsAreNotTouched() throws Exception {
    start("wait");
    assertEquals(settingsBefore, settings());
  }

  /** What Testcontainers keeps in the user's home directory; "" when there is nothing. */
  private static String settings() throws IOException {
    Path file = Path.of(System.getProperty("user.home"), ".testcontainers.properties");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  @Test
  void aMissingEngineIsSaidInALine() {
    TransportConfig place =
        TransportConfig.builder().dockerHost(URI.create("unix:///no/docker.sock")).build();
    assertEquals(
        "no container engine: /no/docker.sock is not there; start Docker or Podman, or set"
            + " DOCKER_HOST",
        assertThrows(IOException.class, () -> Engine.find(List.of(place))).getMessage());
    TransportConfig silent =
        TransportConfig.builder().dockerHost(URI.create("tcp://127.0.0.1:1")).build();
    String message =
        assertThrows(IOException.class, () -> Engine.find(List.of(silent))).getMessage();
    assertTrue(
        message.startsWith("no container engine: tcp://127.0.0.1:1 doesn't answer: "), message);
    assertEquals(1, message.lines().count());
  }

  /** The text of a log of garbage collection. */
  private static final class GcText {
    static String of(App app) throws IOException {
      return Files.exists(app.gcLog()) ? Files.readString(app.gcLog()) : "";
    }
  }
}

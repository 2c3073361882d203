package dev.husk.ab.host;

import dev.husk.ab.Variant;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Launches of {@link TestServer}, and waiting for it. */
public final class Launches {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Launches() {}

  /** Where the classes of these tests are. */
  public static Path classes() {
    return location(TestServer.class);
  }

  /** The directory or jar that a class comes from. */
  static Path location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /** The command of {@link TestServer}. */
  public static List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("java", "-Xmx256m", "-XX:+UseSerialGC", "-cp", classes().toString()));
    command.add(TestServer.class.getName());
    command.addAll(List.of(args));
    return command;
  }

  /** A launch of a command with nothing special. */
  public static Launch of(Path directory, List<String> command) {
    return of(directory, command, Variant.STOCK);
  }

  /** A launch of a command in a variant. */
  static Launch of(Path directory, List<String> command, Variant variant) {
    return of(directory, command, variant, directory);
  }

  /** The same with the agent's jar in another directory. */
  static Launch of(Path directory, List<String> command, Variant variant, Path agentDirectory) {
    return new Launch(
        command,
        null,
        variant,
        agentDirectory.resolve("agent.jar"),
        Launch.Limits.NONE,
        Map.of(),
        List.of(),
        0,
        directory);
  }

  /** The same within limits. */
  static Launch limited(Launch launch, Launch.Limits limits) {
    return new Launch(
        launch.command(),
        launch.image(),
        launch.variant(),
        launch.agent(),
        limits,
        launch.environment(),
        launch.volumes(),
        0,
        launch.directory());
  }

  /** Makes the jar of an agent which says that it is there. */
  static void makeAgent(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", TestServer.class.getName());
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  /** Waits until the app listens. */
  static InetSocketAddress awaitAddress(App app) throws Exception {
    await(() -> !app.isAlive() || app.address(0) != null, "a port");
    InetSocketAddress address = app.address(0);
    if (address == null) {
      throw new AssertionError("no port: " + app.ending());
    }
    return address;
  }

  /** Waits until the app has written something. */
  public static void awaitLog(App app, String text) throws Exception {
    await(() -> Files.exists(app.log()) && Files.readString(app.log()).contains(text), text);
  }

  /** Waits for something. */
  public static void await(Callable<Boolean> condition, String what) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
      }
      Thread.sleep(10);
    }
  }
}

package dev.husk.image.train;

import dev.husk.image.guest.LinkedStart;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The training itself, in the namespaces that {@link Trainer} has made: mounts what a JVM looks
 * for, starts the app in its root file system, asks it something where it listens, ends it, and has
 * the JVM write the cache.
 */
final class TrainMain {
  private static final String CONFIGURATION = "/tmp/husk.aotconf";

  /** How often each path is asked for: as often as interpreted code needs to be seen whole. */
  private static final int REQUESTS = 20;

  /** Some open one port after another: so long there must be no new one. */
  private static final Duration QUIET = Duration.ofMillis(300);

  private static final Duration PAUSE = Duration.ofMillis(30);

  // Its exit status, where there is no cache, or one of an app that failed; a line says more.
  static final int NO_CACHE = 1;
  static final int APP_FAILED = 2;

  private final Trainer.Plan plan;

  /** Of an app that ended by itself. */
  private int status;

  private TrainMain(Trainer.Plan plan) {
    this.plan = plan;
  }

  /** One argument: the file with the plan. */
  public static void main(String[] args) throws Exception {
    TrainMain training = new TrainMain(parse(Files.readAllLines(Path.of(args[0]))));
    String failure = training.run();
    if (failure != null) {
      System.out.println(failure);
      System.exit(NO_CACHE);
    }
    if (training.status != 0) {
      System.out.println("the app ended with status " + training.status);
      System.exit(APP_FAILED);
    }
  }

  // The plan as lines: a word and a value each; values are single lines, which paths and options of
  // a command line are.

  static List<String> lines(Trainer.Plan plan) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("root " + plan.root());
    lines.add("directory " + plan.directory());
    lines.add("cache " + plan.cache());
    lines.add("limit " + plan.limit().toMillis());
    plan.options().forEach(option -> lines.add("option " + option));
    plan.main().forEach(word -> lines.add("main " + word));
    plan.paths().forEach(path -> lines.add("path " + path));
    if (plan.command() != null) {
      lines.add("command " + plan.command());
    }
    plan.environment().forEach((name, value) -> lines.add("env " + name + "=" + value));
    for (String line : lines) {
      if (line.indexOf('\n') >= 0) {
        throw new IOException("a line break in an argument can't be trained: " + line);
      }
    }
    return lines;
  }

  private static Trainer.Plan parse(List<String> lines) {
    Map<String, List<String>> values = new HashMap<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      values
          .computeIfAbsent(line.substring(0, space), key -> new ArrayList<>())
          .add(line.substring(space + 1));
    }
    Map<String, String> environment = new HashMap<>();
    for (String variable : values.getOrDefault("env", List.of())) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return new Trainer.Plan(
        Path.of(values.get("root").getFirst()),
        values.get("directory").getFirst(),
        values.getOrDefault("option", List.of()),
        values.getOrDefault("main", List.of()),
        environment,
        values.get("cache").getFirst(),
        values.getOrDefault("path", List.of()),
        values.containsKey("command") ? values.get("command").getFirst() : null,
        Duration.ofMillis(Long.parseLong(values.get("limit").getFirst())));
  }

  private @Nullable String run() throws IOException, InterruptedException {
    prepare();
    List<String> record = List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + CONFIGURATION);
    Process app = start(record, plan.main());
    String failure = follow(app);
    if (failure != null) {
      app.destroyForcibly().waitFor();
      return failure;
    }
    if (!Files.exists(inRoot(CONFIGURATION))) {
      return "the JVM wrote no list of classes when the app ended";
    }
    List<String> create =
        List.of(
            "-XX:AOTMode=create",
            "-XX:AOTConfiguration=" + CONFIGURATION,
            "-XX:AOTCache=" + plan.cache(),
            // Adapters are code of this machine's processor, which the JVM doesn't check again.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTAdapterCaching");
    int status = start(create, List.of()).waitFor();
    return status == 0 && Files.exists(inRoot(plan.cache()))
        ? null
        : "the JVM wrote no cache, status " + status;
  }

  /** What the app will find in the image: /proc, the devices, a /tmp; and a loopback device. */
  private void prepare() throws IOException, InterruptedException {
    call("mount", "-t", "proc", "proc", inRoot("/proc").toString());
    for (String device : List.of("null", "zero", "full", "random", "urandom")) {
      Path path = inRoot("/dev/" + device);
      if (!Files.exists(path)) {
        Files.createFile(path);
      }
      call("mount", "--bind", "/dev/" + device, path.toString());
    }
    call("ip", "link", "set", "lo", "up");
  }

  private static void call(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": status " + status);
    }
  }

  private Path inRoot(String path) {
    return plan.root().resolve(path.substring(1));
  }

  private Process start(List<String> mode, List<String> main) throws IOException {
    List<String> command = new ArrayList<>();
    // --root changes the root first, then --wd the directory in it.
    command.add("unshare");
    command.add("--root=" + plan.root());
    command.add("--wd=" + plan.directory());
    command.add("/java/bin/java");
    command.addAll(mode);
    // A share of this machine's memory could be a heap so large that its pointers aren't
    // compressed,
    // and a guest's JVM would refuse the cache.
    command.add("-XX:MaxRAM=8g");
    command.addAll(plan.options());
    command.addAll(main);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().clear();
    builder.environment().putAll(plan.environment());
    builder.environment().put(LinkedStart.TRAINING, "true");
    builder.environment().putIfAbsent("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return builder.start();
  }

  /** Until the app has ended; what failed, or null. */
  private @Nullable String follow(Process app) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long changed = begin;
    TreeSet<Integer> ports = new TreeSet<>();
    while (!app.waitFor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
      long now = System.nanoTime();
      TreeSet<Integer> open = listeners();
      if (!open.equals(ports)) {
        ports = open;
        changed = now;
      } else if (!open.isEmpty() && now - changed > QUIET.toNanos()) {
        for (int port : ports) {
          ask(port);
        }
        String failure = load();
        if (failure != null) {
          return failure;
        }
        app.destroy();
        return app.waitFor(30, TimeUnit.SECONDS) ? null : "the app did not end 30 s after SIGTERM";
      }
      if (now - begin > plan.limit().toNanos()) {
        return "the app neither ended nor listened within " + plan.limit().toSeconds() + " s";
      }
    }
    status = app.exitValue();
    return null;
  }

  /** Runs the user's command, if there is one; what failed, or null. */
  private @Nullable String load() throws IOException, InterruptedException {
    if (plan.command() == null) {
      return null;
    }
    Process load = new ProcessBuilder("sh", "-c", plan.command()).inheritIO().start();
    if (!load.waitFor(plan.limit().toMillis(), TimeUnit.MILLISECONDS)) {
      load.destroyForcibly().waitFor();
      return "the load took longer than " + plan.limit().toSeconds() + " s: " + plan.command();
    }
    return load.exitValue() == 0
        ? null
        : "the load ended with status " + load.exitValue() + ": " + plan.command();
  }

  /** The TCP ports that somebody in this network namespace listens on. */
  private static TreeSet<Integer> listeners() throws IOException {
    TreeSet<Integer> ports = new TreeSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split(" +");
        // Local address and port, peer, state: 0A is LISTEN.
        if (fields.length > 3 && fields[3].equals("0A")) {
          String local = fields[1];
          ports.add(Integer.parseInt(local.substring(local.indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  /** What answers isn't looked at: what doesn't speak HTTP says so or hangs up. */
  private void ask(int port) {
    byte[] buffer = new byte[8192];
    for (int i = 0; i < REQUESTS; i++) {
      for (String path : plan.paths()) {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1000);
          socket.setSoTimeout(2000);
          String request =
              "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
          socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
          InputStream in = socket.getInputStream();
          while (in.read(buffer) > 0) {
            // To its end.
          }
        } catch (IOException e) {
          return;
        }
      }
    }
  }
}

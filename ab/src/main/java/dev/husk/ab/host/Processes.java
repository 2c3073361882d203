package dev.husk.ab.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Processes of this machine. A bare {@code java} is the JDK that runs this program. {@code
 * JAVA_TOOL_OPTIONS} and its like in this program's environment don't reach the app.
 */
public final class Processes implements Host {
  /** The environment variable by which a run's processes are known. */
  private static final String MARK = "HUSK_AB";

  private final String id = UUID.randomUUID().toString();
  private final AtomicInteger starts = new AtomicInteger();
  private final List<ProcessApp> apps = new CopyOnWriteArrayList<>();
  private final Thread hook = new Thread(this::end, "end apps");
  private @Nullable Watchdog watchdog;

  /** Nothing runs yet. */
  public Processes() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public String describe() {
    return "processes of this machine, without its " + String.join(", ", Programs.NOT_INHERITED);
  }

  /**
   * Starts the app.
   *
   * @throws IOException when it can't be started, as when the launch needs a container; the message
   *     says why and what to do
   */
  @Override
  public App start(Launch launch) throws IOException, InterruptedException {
    check(launch);
    JavaCommand command =
        JavaCommand.of(
            launch,
            launch.agent().toAbsolutePath().toString(),
            launch.directory().toAbsolutePath().resolve(Logs.GC).toString());
    checkProgram(command.words());
    List<String> words = new ArrayList<>();
    // Each of these becomes the next, so that the number of the process stays. The session is the
    // app's own: Ctrl-C goes to us, and we end the app.
    words.add("setsid");
    if (!launch.limits().cpuSet().isEmpty()) {
      if (Programs.find("taskset") == null) {
        throw new IOException(
            "a set of processors needs taskset; install it (Debian: apt install util-linux)");
      }
      words.addAll(List.of("taskset", "-c", launch.limits().cpuSet()));
    }
    words.addAll(command.words());
    return start(words, command.environment(), launch.directory());
  }

  /**
   * Starts a command as it is: no agent, no log of garbage collection, and no session of its own.
   * Where the kernel shares processors out by session, it competes with this program's other
   * children thread by thread.
   *
   * @param directory of this start, which exists: for its log
   * @throws IOException when it can't be started
   */
  public App start(List<String> command, Path directory) throws IOException {
    checkProgram(command);
    return start(command, Map.of(), directory);
  }

  /**
   * Runs a command as it is, as {@link #start(List, Path)} does, to its end.
   *
   * @return the lines that it wrote, to standard output and standard error
   * @throws IOException when it can't be started, ends with another status than 0, or still runs at
   *     the limit and is ended; the message has the end of what it wrote
   */
  public List<String> run(List<String> command, Path directory, Duration limit)
      throws IOException, InterruptedException {
    checkProgram(command);
    ProcessApp app = start(command, Map.of(), directory);
    try {
      if (!app.await(limit)) {
        throw new IOException(
            "still runs after %d s; it was ended%s"
                .formatted(limit.toSeconds(), Logs.tail(app.log())));
      }
      if (app.exitStatus() != 0) {
        throw new IOException("ended with " + app.ending());
      }
      return new String(Files.readAllBytes(app.log()), StandardCharsets.UTF_8).lines().toList();
    } finally {
      app.close();
      apps.remove(app);
    }
  }

  private ProcessApp start(List<String> words, Map<String, String> environment, Path directory)
      throws IOException {
    watch();
    String number = id + "-" + starts.incrementAndGet();
    ProcessApp app = ProcessApp.start(words, environment, directory, Map.entry(MARK, number));
    apps.add(app);
    return app;
  }

  private static void checkProgram(List<String> command) throws IOException {
    if (Programs.find(command.getFirst()) == null) {
      throw new IOException(
          "'" + command.getFirst() + "' is not a program of this machine; give its path");
    }
  }

  private static void check(Launch launch) throws IOException {
    if (launch.image() != null) {
      throw new IOException("image '" + launch.image() + "': an image needs containers");
    }
    if (launch.command().isEmpty()) {
      throw new IOException("no command; give one, as in java -jar app.jar");
    }
    if (launch.limits().cpus() != 0 || launch.limits().memoryMegabytes() != 0) {
      throw new IOException(
          "a limit of CPU time or memory needs containers; for processes,"
              + " limit the app by a set of processors and -Xmx");
    }
    if (!launch.volumes().isEmpty()) {
      throw new IOException("volumes need containers: " + String.join(" ", launch.volumes()));
    }
  }

  private synchronized void watch() throws IOException {
    if (watchdog == null) {
      watchdog = Watchdog.forProcesses(MARK + "=" + id);
    }
  }

  private void end() {
    apps.forEach(ProcessApp::close);
    apps.clear();
  }

  @Override
  public void close() {
    end();
    synchronized (this) {
      if (watchdog != null) {
        watchdog.close();
        watchdog = null;
      }
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This JVM is on its way out and runs the hook.
    }
  }
}

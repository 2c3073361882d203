package dev.husk.ab.host;

import java.io.IOException;
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
    return "processes of this machine, without its " + String.join(", ", JavaCommand.NOT_INHERITED);
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
    if (Programs.find(command.words().getFirst()) == null) {
      throw new IOException(
          "'" + command.words().getFirst() + "' is not a program of this machine; give its path");
    }
    watch();
    String number = id + "-" + starts.incrementAndGet();
    ProcessApp app = ProcessApp.start(launch, command, Map.entry(MARK, number));
    apps.add(app);
    return app;
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

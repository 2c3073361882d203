package dev.husk.ab.host;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.NetworkSettings;
import com.github.dockerjava.api.model.WaitResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An app in a container. */
final class ContainerApp implements App {
  private static final int END_SECONDS = 10;
  private static final int LAST_SECONDS = 5;

  /** So long after a process has gone, its engine knows of it. */
  private static final long KNOWN_MILLIS = 2000;

  /** What an app says of a file that isn't there. */
  private static final Pattern MISSING =
      Pattern.compile(
          "NoSuchFile|FileNotFound|ClassNotFound|NoClassDefFound|UnsatisfiedLink"
              + "|[Uu]nable to access jarfile|[Cc]ould not find|[Nn]o such file");

  private static final String FILES =
      "\n  Its container has the JDK and the files that the command names, no others; --volume"
          + " HOST:PATH:ro adds some, --processes does without a container";

  private final Engine engine;
  private final DockerClient client;
  private final String id;
  private final Path directory;
  private final boolean built;
  private final Path logs;
  private final boolean hostNetwork;
  private final long startedNanos;
  private final Ports ports = new Ports();
  private final LogWriter writer;
  private final EndWatch endWatch;
  private long root;
  private @Nullable ProcessTree tree;
  private @Nullable InetAddress ownAddress;
  private volatile @Nullable String ending;
  private boolean closed;

  private ContainerApp(
      Engine engine, String id, Launch launch, Path logs, boolean hostNetwork, long startedNanos)
      throws IOException {
    this.engine = engine;
    this.client = engine.client();
    this.id = id;
    this.directory = launch.directory();
    this.built = launch.image() == null;
    this.logs = logs;
    this.hostNetwork = hostNetwork;
    this.startedNanos = startedNanos;
    this.writer = new LogWriter(Files.newOutputStream(directory.resolve(Logs.APP)));
    this.endWatch = new EndWatch();
  }

  /** Starts a container that was made. */
  static ContainerApp start(Engine engine, String id, Launch launch, Path logs, boolean hostNetwork)
      throws IOException {
    long startedNanos = System.nanoTime();
    engine.client().startContainerCmd(id).exec();
    ContainerApp app = new ContainerApp(engine, id, launch, logs, hostNetwork, startedNanos);
    app.client
        .logContainerCmd(id)
        .withStdOut(true)
        .withStdErr(true)
        .withFollowStream(true)
        .exec(app.writer);
    app.client.waitContainerCmd(id).exec(app.endWatch);
    app.lookInside();
    return app;
  }

  private void lookInside() throws IOException {
    InspectContainerResponse container = client.inspectContainerCmd(id).exec();
    Long pid = container.getState().getPidLong();
    root = pid == null ? 0 : pid;
    if (root != 0 && isVisible(root)) {
      tree = ProcessTree.container(root, id);
    }
    if (!hostNetwork) {
      ownAddress = address(container.getNetworkSettings());
    }
  }

  /** Whether the engine numbers processes as this program's /proc does. */
  private boolean isVisible(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains(id);
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable InetAddress address(NetworkSettings settings) throws IOException {
    for (ContainerNetwork network : settings.getNetworks().values()) {
      String address = network.getIpAddress();
      if (address != null && !address.isEmpty()) {
        return InetAddress.ofLiteral(address);
      }
    }
    return null;
  }

  @Override
  public long startedNanos() {
    return startedNanos;
  }

  @Override
  public List<Long> pids() {
    return tree == null || !isAlive() ? List.of() : tree.recent();
  }

  @Override
  public boolean isAlive() {
    return !endWatch.ended;
  }

  @Override
  public String ending() {
    String known = ending;
    if (known != null) {
      return known + said();
    }
    if (isAlive()) {
      return "still running" + Logs.tail(log());
    }
    writer.awaitEnd();
    return describeEnd() + said();
  }

  private String said() {
    String tail = Logs.tail(log());
    return built && MISSING.matcher(tail).find() ? tail + FILES : tail;
  }

  private String describeEnd() {
    try {
      InspectContainerResponse.ContainerState state =
          client.inspectContainerCmd(id).exec().getState();
      Long status = state.getExitCodeLong();
      String text = Endings.describe(status == null ? -1 : status.intValue());
      if (Boolean.TRUE.equals(state.getOOMKilled())) {
        text += ", by the kernel: it used more memory than its limit";
      }
      return text;
    } catch (RuntimeException e) {
      return "an end of which the engine doesn't know how it came: " + Containers.message(e);
    }
  }

  @Override
  public @Nullable InetSocketAddress address(int port) throws IOException {
    if (!isAlive()) {
      return null;
    }
    if (tree == null) {
      return publishedAddress(port);
    }
    if (hostNetwork) {
      return ports.find(port, pids());
    }
    InetSocketAddress found = ports.findInNetworkOf(port, root);
    return found == null || ownAddress == null
        ? null
        : new InetSocketAddress(ownAddress, found.getPort());
  }

  /** Where the engine lets a port through; only those that an image or the user names are. */
  private @Nullable InetSocketAddress publishedAddress(int port) throws IOException {
    try {
      return PublishedPorts.find(client.inspectContainerCmd(id).exec(), engine.host(), port);
    } catch (RuntimeException e) {
      if (!Containers.isOfEngine(e)) {
        throw e;
      }
      throw new IOException("the engine doesn't tell of the app: " + Containers.message(e), e);
    } catch (IOException e) {
      // What ended at once can't be seen, either.
      if (endWatch.isEndedWithin(KNOWN_MILLIS)) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public void checkWatched() throws IOException {
    Throwable lost = endWatch.lost;
    if (lost != null) {
      throw new IOException(
          "the container engine at " + engine.uri() + " is gone: " + lost.getMessage(), lost);
    }
  }

  @Override
  public Path log() {
    return directory.resolve(Logs.APP);
  }

  @Override
  public Path gcLog() {
    return Logs.gc(logs);
  }

  @Override
  public long loopbackBytes() {
    return tree == null ? -1 : Logs.loopbackBytes(root);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      client.stopContainerCmd(id).withTimeout(END_SECONDS).exec();
    } catch (NotModifiedException e) {
      // It had ended by itself.
    } catch (RuntimeException e) {
      // It is removed by force, unless the engine is gone.
    }
    writer.awaitEnd();
    ending = describeEnd();
    Leftovers.removeContainer(client, id);
    if (tree != null && endWatch.lost != null) {
      kill(tree); // Containers outlive an engine that was killed.
    }
    endWatch.ended = true;
    endWatch.closeQuietly();
    writer.closeQuietly();
  }

  private static void kill(ProcessTree tree) {
    try {
      tree.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes what comes from the app into a file. */
  private static final class LogWriter extends ResultCallback.Adapter<Frame> {
    private final OutputStream out;

    LogWriter(OutputStream out) {
      this.out = out;
    }

    @Override
    public void onNext(Frame frame) {
      try {
        out.write(frame.getPayload());
      } catch (IOException e) {
        onError(e);
      }
    }

    void awaitEnd() {
      try {
        awaitCompletion(LAST_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        // The engine is gone; what it sent before is there.
      }
    }

    void closeQuietly() {
      try {
        close();
        out.close();
      } catch (IOException e) {
        // What could be written is there.
      }
    }
  }

  /** Learns that the container has ended, or that the engine has. */
  private static final class EndWatch extends ResultCallback.Adapter<WaitResponse> {
    volatile boolean ended;
    volatile @Nullable Throwable lost;

    @Override
    public void onNext(WaitResponse response) {
      ended = true;
    }

    @Override
    public void onError(Throwable failure) {
      lost = failure;
      ended = true;
      super.onError(failure);
    }

    boolean isEndedWithin(long millis) {
      try {
        for (long left = millis; left > 0 && !ended; left -= 20) {
          Thread.sleep(20);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return ended;
    }

    void closeQuietly() {
      try {
        close();
      } catch (IOException e) {
        // It only listened.
      }
    }
  }
}

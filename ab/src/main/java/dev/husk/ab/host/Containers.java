package dev.husk.ab.host;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CopyArchiveToContainerCmd;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Containers of any engine that speaks Docker's language. A command gets an image that is built
 * from this machine's files; an image is taken as it is, and never pulled. A bare {@code java} is
 * the JDK that runs this program.
 *
 * <p>Where engine and program share a network, apps get it, so that nothing stands between them and
 * the driver; else they get one of their own.
 */
public final class Containers implements Host {
  /** Where the log of garbage collection is in a container. */
  private static final String LOGS = "/husk-ab";

  private static final String TOOL_OPTIONS = "JAVA_TOOL_OPTIONS";
  private static final int ID_LENGTH = 8;

  /** In Docker's and Podman's answers. */
  private static final Pattern MESSAGE = Pattern.compile("\"message\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Engine engine;
  private final String run = UUID.randomUUID().toString().substring(0, ID_LENGTH);
  private final Map<String, String> labels;
  private final Images.User user;
  private final Images images;
  private final AtomicInteger starts = new AtomicInteger();
  private final List<ContainerApp> apps = new CopyOnWriteArrayList<>();
  private final Thread hook = new Thread(this::end, "end containers");
  private final Watchdog watchdog;

  private Containers(Engine engine) throws IOException {
    this.engine = engine;
    this.labels = Leftovers.labels(run);
    this.user = engine.rootless() ? new Images.User(0, 0) : Images.User.current();
    Leftovers.remove(engine.client());
    this.images = new Images(engine.client(), run, labels, user);
    this.watchdog = watch();
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Looks for an engine: at {@code DOCKER_HOST} and Docker's other settings, at the usual sockets
   * of Docker and Podman. Removes what runs that have died left behind in it.
   *
   * @throws IOException when none is ready; the message says why, and what to do, in a line
   */
  public static Containers find() throws IOException, InterruptedException {
    Engine engine = Engine.find();
    try {
      return new Containers(engine);
    } catch (DockerException e) {
      throw new IOException("the container engine at " + engine.uri() + ": " + e.getMessage(), e);
    }
  }

  /** Cleans up at once after a crash, if the engine's command is there; else the next run does. */
  private Watchdog watch() throws IOException {
    return Watchdog.start(
        "export DOCKER_HOST=\"$2\";"
            + " for engine in docker \"podman --url $2\"; do"
            + " command -v ${engine%% *} > /dev/null || continue;"
            + " $engine rm -f $($engine ps -aq --filter label="
            + Leftovers.RUN
            + "=\"$1\");"
            + " $engine rmi -f $($engine images -q --filter label="
            + Leftovers.RUN
            + "=\"$1\");"
            + " break; done; rm -rf \"$3\"",
        run,
        engine.uri().toString(),
        images.directory().toString());
  }

  @Override
  public String describe() {
    return "containers of %s at %s, %s"
        .formatted(
            engine.name(),
            engine.uri(),
            engine.network() ? "in this machine's network" : "in a network of their own");
  }

  /**
   * Starts the app in a container of its own.
   *
   * @throws IOException when it can't be started; the message says why and what to do
   */
  @Override
  public App start(Launch launch) throws IOException, InterruptedException {
    Path logs = Files.createDirectories(launch.directory().toAbsolutePath().resolve("jvm"));
    // The user in an image is not always that of this program.
    Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxrwxrwx"));
    try {
      return startContainer(launch, logs);
    } catch (RuntimeException e) {
      if (!isOfEngine(e)) {
        throw e;
      }
      throw new IOException("the engine can't start the app: " + message(e), e);
    }
  }

  private App startContainer(Launch launch, Path logs) throws IOException {
    DockerClient client = engine.client();
    JavaCommand command = JavaCommand.of(launch, Images.AGENT, LOGS + "/" + Logs.GC);
    Map<String, String> environment = new HashMap<>(command.environment());
    String image = launch.image();
    boolean hostNetwork = engine.network();
    checkVolumes(launch); // A mistake in them shows before the image is built, which takes time.
    if (image == null) {
      image = build(launch, command);
    } else {
      check(launch, image, environment);
      // Without root, the descriptors of another user's processes can't be seen, and with them
      // what the app listens on; in a network of its own, all sockets are the app's.
      hostNetwork &= user.id() == 0;
    }
    HostConfig hostConfig = hostConfig(launch, logs, hostNetwork);
    CreateContainerCmd create =
        client
            .createContainerCmd(image)
            .withName("husk-ab-" + run + "-" + starts.incrementAndGet())
            .withLabels(labels)
            .withHostConfig(hostConfig)
            .withEnv(
                environment.entrySet().stream()
                    .map(each -> each.getKey() + "=" + each.getValue())
                    .sorted()
                    .toList());
    if (!command.words().isEmpty()) {
      create.withCmd(command.words());
    }
    if (!hostNetwork && launch.port() != 0) {
      create.withExposedPorts(ExposedPort.tcp(launch.port()));
    }
    String id = create.exec().getId();
    try {
      if (launch.image() != null) {
        copyAgent(id, launch.agent());
      }
      ContainerApp app = ContainerApp.start(engine, id, launch, logs, hostNetwork);
      apps.add(app);
      return app;
    } catch (RuntimeException | IOException e) {
      Leftovers.removeContainer(client, id);
      throw e;
    }
  }

  private String build(Launch launch, JavaCommand command) throws IOException {
    if (!JavaCommand.isJava(launch.command()) || command.javaHome() == null) {
      throw new IOException(
          "'"
              + String.join(" ", launch.command())
              + "': in a container, a command starts with java or the path of a JDK's; for a"
              + " script, give an image that has it (--image), or run it as a process of this"
              + " machine (--processes)");
    }
    List<String> words = new ArrayList<>(command.words().subList(1, command.words().size()));
    words.addAll(command.environment().values());
    Path directory = Path.of("").toAbsolutePath();
    return images.build(command.javaHome(), words, launch.agent(), directory);
  }

  /** Sees that an image is there, and keeps what it sets for every JVM itself. */
  private void check(Launch launch, String image, Map<String, String> environment)
      throws IOException {
    if (launch.variant().javaHome() != null) {
      throw new IOException(
          "variant '%s': image '%s' has a JDK of its own; another one needs a command"
              .formatted(launch.variant().name(), image));
    }
    InspectImageResponse found;
    try {
      found = engine.client().inspectImageCmd(image).exec();
    } catch (NotFoundException e) {
      throw new IOException(
          "image '" + image + "' is not in the engine; build it, or pull it with docker pull", e);
    }
    String[] set = found.getConfig() == null ? null : found.getConfig().getEnv();
    boolean given =
        launch.environment().containsKey(TOOL_OPTIONS)
            || launch.variant().environment().containsKey(TOOL_OPTIONS);
    for (String each : set == null || given ? new String[0] : set) {
      if (each.startsWith(TOOL_OPTIONS + "=")) {
        environment.merge(
            TOOL_OPTIONS,
            each.substring(TOOL_OPTIONS.length() + 1),
            (ours, theirs) -> theirs + " " + ours);
      }
    }
  }

  private static HostConfig hostConfig(Launch launch, Path logs, boolean hostNetwork)
      throws IOException {
    List<Bind> binds = new ArrayList<>();
    binds.add(Bind.parse(logs + ":" + LOGS));
    for (String volume : launch.volumes()) {
      binds.add(bind(volume));
    }
    HostConfig config = HostConfig.newHostConfig().withBinds(binds);
    if (hostNetwork) {
      config.withNetworkMode("host");
    } else {
      config.withPublishAllPorts(true);
    }
    Launch.Limits limits = launch.limits();
    if (limits.cpus() != 0) {
      config.withNanoCPUs(Math.round(limits.cpus() * 1e9));
    }
    if (!limits.cpuSet().isEmpty()) {
      config.withCpusetCpus(limits.cpuSet());
    }
    if (limits.memoryMegabytes() != 0) {
      long bytes = limits.memoryMegabytes() << 20;
      config.withMemory(bytes).withMemorySwap(bytes); // The sum of both: no swap.
    }
    return config;
  }

  private static void checkVolumes(Launch launch) throws IOException {
    for (String volume : launch.volumes()) {
      bind(volume);
    }
  }

  private static Bind bind(String volume) throws IOException {
    int colon = volume.indexOf(':');
    if (colon <= 0) {
      throw new IOException("volume '" + volume + "' is not host:container or host:container:ro");
    }
    Path host = Path.of(volume.substring(0, colon)).toAbsolutePath();
    if (!Files.exists(host)) {
      throw new IOException("volume '" + volume + "': there is no " + host);
    }
    try {
      return Bind.parse(host + volume.substring(colon));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "volume '" + volume + "' is not host:container or host:container:ro", e);
    }
  }

  private void copyAgent(String id, Path agent) throws IOException {
    if (!Files.exists(agent)) {
      return;
    }
    FileSet files = new FileSet();
    files.addDirectory(Path.of(Images.AGENT).getParent().toString(), 0755);
    files.addCopy(Images.AGENT, agent.toRealPath());
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    files.writeTar(tar, 0, 0);
    try (CopyArchiveToContainerCmd copy =
        engine
            .client()
            .copyArchiveToContainerCmd(id)
            .withRemotePath("/")
            .withTarInputStream(new ByteArrayInputStream(tar.toByteArray()))) {
      copy.exec();
    }
  }

  /** Whether the engine has said no, or nothing: the client wraps what the connection throws. */
  static boolean isOfEngine(RuntimeException failure) {
    return failure instanceof DockerException || failure.getCause() instanceof IOException;
  }

  /** An engine's message, without the status and the JSON around it. */
  static String message(RuntimeException failure) {
    Throwable cause = failure.getCause();
    String text = cause instanceof IOException ? cause.getMessage() : failure.getMessage();
    if (text == null) {
      return failure.toString();
    }
    Matcher message = MESSAGE.matcher(text);
    return message.find() ? message.group(1).replace("\\\"", "\"") : text;
  }

  private void end() {
    apps.forEach(ContainerApp::close);
    apps.clear();
    images.close();
  }

  @Override
  public void close() {
    end();
    watchdog.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This JVM is on its way out and runs the hook.
    }
    try {
      engine.client().close();
    } catch (IOException e) {
      // Nothing is left to be done with it.
    }
  }
}

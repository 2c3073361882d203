package dev.husk.ab.host;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.shaded.com.github.dockerjava.core.DefaultDockerClientConfig;
import org.testcontainers.shaded.com.github.dockerjava.core.DockerClientImpl;

/**
 * A container engine that answers.
 *
 * <p>Implementation notes. Testcontainers' own search writes what it found into the user's {@code
 * ~/.testcontainers.properties}, starts a container of an image that would have to be pulled, and
 * its client asks the user's keepers of passwords whenever a container is made. So only its
 * strategies are asked where an engine might be, and the client, its docker-java, is made here.
 *
 * @param client to it
 * @param uri where it is
 * @param name with its version
 * @param network whether its host's network is that of this program
 * @param rootless whether it runs without root, so that root in a container is its own user
 */
record Engine(DockerClient client, URI uri, String name, boolean network, boolean rootless) {
  private static final long ANSWER_SECONDS = 20;

  /** Those that read settings: {@code DOCKER_HOST}, a context of Docker's, the user's file. */
  private static final Set<String> CONFIGURED =
      Set.of(
          "TestcontainersHostPropertyClientProviderStrategy",
          "EnvironmentAndSystemPropertyClientProviderStrategy");

  /**
   * Looks for an engine.
   *
   * @throws IOException when there is none; the message says why in a line
   */
  static Engine find() throws IOException, InterruptedException {
    Map<URI, TransportConfig> places = new LinkedHashMap<>();
    for (TransportConfig each : configured()) {
      places.putIfAbsent(each.getDockerHost(), each);
    }
    if (System.getenv("DOCKER_HOST") == null) {
      for (Path socket : usualSockets()) {
        URI uri = URI.create("unix://" + socket);
        places.putIfAbsent(uri, TransportConfig.builder().dockerHost(uri).build());
      }
    }
    return find(List.copyOf(places.values()));
  }

  /** The first engine of some places that answers. */
  static Engine find(List<TransportConfig> places) throws IOException, InterruptedException {
    List<String> absent = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (TransportConfig place : places) {
      URI uri = place.getDockerHost();
      if (uri.getScheme() == null || "unix".equals(uri.getScheme()) && uri.getPath() == null) {
        failed.add("'" + uri + "' is not the address of one, such as unix:///run/docker.sock");
        continue;
      }
      if ("unix".equals(uri.getScheme()) && !Files.exists(Path.of(uri.getPath()))) {
        absent.add(uri.getPath());
        continue;
      }
      if ("unix".equals(uri.getScheme()) && !Files.isWritable(Path.of(uri.getPath()))) {
        failed.add(
            uri.getPath() + " may not be used by you; join the group that owns it, often docker");
        continue;
      }
      try {
        return connect(place);
      } catch (IOException e) {
        failed.add(e.getMessage());
      }
    }
    throw new IOException(
        failed.isEmpty()
            ? "no container engine: "
                + String.join(", ", absent)
                + (absent.size() == 1 ? " is" : " are")
                + " not there; start Docker or Podman, or set DOCKER_HOST"
            : "no container engine: "
                + String.join("; ", failed)
                + "; start Docker or Podman, or set DOCKER_HOST");
  }

  private static List<TransportConfig> configured() {
    List<TransportConfig> found = new ArrayList<>();
    ServiceLoader.load(
            DockerClientProviderStrategy.class, DockerClientProviderStrategy.class.getClassLoader())
        .stream()
        .filter(provider -> CONFIGURED.contains(provider.type().getSimpleName()))
        .forEach(
            provider -> {
              try {
                found.add(provider.get().getTransportConfig());
              } catch (RuntimeException e) {
                // That setting isn't made: so it says when it is asked nevertheless.
              }
            });
    return found;
  }

  private static List<Path> usualSockets() {
    List<Path> sockets = new ArrayList<>();
    sockets.add(Path.of("/var/run/docker.sock"));
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    if (runtime != null) {
      sockets.add(Path.of(runtime, "docker.sock"));
      sockets.add(Path.of(runtime, "podman/podman.sock"));
    }
    sockets.add(Path.of("/run/podman/podman.sock"));
    return sockets;
  }

  private static Engine connect(TransportConfig place) throws IOException, InterruptedException {
    FutureTask<Engine> asking = new FutureTask<>(() -> ask(place));
    Thread.ofPlatform().daemon().name("ask engine").start(asking);
    try {
      return asking.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          place.getDockerHost() + " gives no answer within " + ANSWER_SECONDS + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new IOException(place.getDockerHost() + " doesn't answer: " + cause.getMessage(), e);
    }
  }

  private static Engine ask(TransportConfig place) throws IOException {
    URI uri = place.getDockerHost();
    DockerClient client =
        DockerClientImpl.getInstance(
            DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(uri.toString())
                .build(),
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(uri)
                .sslConfig(place.getSslConfig())
                .build());
    Info info = client.infoCmd().exec();
    String os = info.getOsType();
    if (os != null && !os.equals("linux")) {
      throw new IOException("its containers are of " + os + ", not of Linux");
    }
    List<String> security = info.getSecurityOptions();
    boolean rootless =
        security != null && security.stream().anyMatch(option -> option.contains("rootless"));
    String name = "%s, version %s".formatted(info.getOperatingSystem(), info.getServerVersion());
    return new Engine(client, uri, name, isOfThisNetwork(uri), rootless);
  }

  /** The name of its host. */
  String host() {
    return uri.getHost() == null ? "127.0.0.1" : uri.getHost();
  }

  /**
   * Whether the engine's host has the network of this program, so that an app in it is reached on
   * the loopback device: whether its socket was made here. In a container into which the socket was
   * mounted, it isn't in the list, nor is that of an engine that made a network for itself.
   */
  private static boolean isOfThisNetwork(URI uri) throws IOException {
    if (!"unix".equals(uri.getScheme())) {
      return false;
    }
    Path socket = Path.of(uri.getPath());
    String real = socket.toRealPath().toString();
    return Files.readAllLines(Path.of("/proc/net/unix")).stream()
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .filter(path -> path.startsWith("/"))
        .anyMatch(path -> path.equals(uri.getPath()) || path.equals(real) || isSame(path, real));
  }

  private static boolean isSame(String path, String real) {
    try {
      return path.endsWith(".sock") && Path.of(path).toRealPath().toString().equals(real);
    } catch (IOException e) {
      return false;
    }
  }
}

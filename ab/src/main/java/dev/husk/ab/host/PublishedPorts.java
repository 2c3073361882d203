package dev.husk.ab.host;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports.Binding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds an app behind ports that the engine lets through, where neither its processes nor its
 * network can be seen from here.
 */
final class PublishedPorts {
  private PublishedPorts() {}

  /**
   * Where a port is reached, once something answers there.
   *
   * @param host of the engine
   * @param port 0 for the lowest
   * @throws IOException when neither image nor user name it
   */
  static @Nullable InetSocketAddress find(InspectContainerResponse container, String host, int port)
      throws IOException {
    Map<ExposedPort, Binding[]> bindings = container.getNetworkSettings().getPorts().getBindings();
    List<ExposedPort> exposed =
        bindings.keySet().stream()
            .filter(each -> port == 0 || each.getPort() == port)
            .sorted(Comparator.comparingInt(ExposedPort::getPort))
            .toList();
    for (ExposedPort each : exposed) {
      Binding[] published = bindings.get(each);
      if (published != null && published.length > 0) {
        int there = Integer.parseInt(published[0].getHostPortSpec());
        InetSocketAddress address = new InetSocketAddress(host, there);
        return answers(address) ? address : null;
      }
    }
    throw new IOException(
        "the app's processes can't be seen from here, and its image doesn't EXPOSE "
            + (port == 0 ? "a port; say with --url where it listens" : "port " + port)
            + "; or use an engine of this machine");
  }

  private static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

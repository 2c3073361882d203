package dev.husk.ab.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The ports that an app was seen to listen on. What was once found is not looked for again. */
final class Ports {
  private final Map<Integer, InetSocketAddress> found = new ConcurrentHashMap<>();

  /** Looks for a port of these processes; 0 is the first that they listened on. */
  @Nullable InetSocketAddress find(int port, List<Long> pids) throws IOException {
    InetSocketAddress known = found.get(port);
    return known != null ? known : find(port, ListenSockets.of(pids));
  }

  /** The same for a process that is alone, with its children, in a network. */
  @Nullable InetSocketAddress findInNetworkOf(int port, long pid) throws IOException {
    InetSocketAddress known = found.get(port);
    return known != null ? known : find(port, ListenSockets.inNetworkOf(pid));
  }

  private @Nullable InetSocketAddress find(int port, Collection<InetSocketAddress> listening) {
    for (InetSocketAddress address : listening) {
      if (port == 0 || port == address.getPort()) {
        found.putIfAbsent(port, address);
        return found.get(port);
      }
    }
    return null;
  }
}

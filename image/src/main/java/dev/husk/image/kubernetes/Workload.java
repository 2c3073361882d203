package dev.husk.image.kubernetes;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the packer knows of an app that a cluster asks for.
 *
 * @param name what it is called; made into one that the cluster takes, such as {@code my-app} from
 *     {@code My App}
 * @param architecture of the processor: {@code amd64}, {@code arm64}
 * @param ports TCP ports that the app listens on
 * @param healthPath where an HTTP request to the first port succeeds when the app is ready, such as
 *     {@code /health}; null if it is ready when it accepts connections there
 * @param memoryMebibytes of the container, or of the guest
 * @param cpuMillis thousandths of a processor
 * @param arguments more arguments of the app, after those that were packed
 * @param nonRoot whether the container's image names another user than root, by number
 * @param data directories whose files outlive the container, by a name each
 * @param environment more variables of the app
 */
public record Workload(
    String name,
    String architecture,
    SortedSet<Integer> ports,
    @Nullable String healthPath,
    int memoryMebibytes,
    int cpuMillis,
    boolean nonRoot,
    List<String> arguments,
    SortedMap<String, String> data,
    SortedMap<String, String> environment) {

  /** Copies the collections, and refuses what no cluster could run. */
  public Workload {
    name = Names.label(name);
    ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    arguments = List.copyOf(arguments);
    data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    if (memoryMebibytes <= 0 || cpuMillis <= 0) {
      throw new IllegalArgumentException("an app needs some memory and some of a processor");
    }
    for (int port : ports) {
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("not a TCP port: " + port);
      }
    }
    if (healthPath != null && (ports.isEmpty() || !healthPath.startsWith("/"))) {
      throw new IllegalArgumentException(
          "a health check needs a port, and a path that begins with a slash: " + healthPath);
    }
  }

  /** An app with no more arguments or variables than those that were packed. */
  public Workload(
      String name,
      String architecture,
      List<Integer> ports,
      @Nullable String healthPath,
      int memoryMebibytes,
      int cpuMillis,
      boolean nonRoot,
      Map<String, String> data) {
    this(
        name,
        architecture,
        new TreeSet<>(ports),
        healthPath,
        memoryMebibytes,
        cpuMillis,
        nonRoot,
        List.of(),
        new TreeMap<>(data),
        new TreeMap<>(Map.of()));
  }
}

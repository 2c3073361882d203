package dev.husk.netpath.guest;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What the C library knows names by: {@code /etc/resolv.conf} (resolv.conf(5)), {@code /etc/hosts}
 * (hosts(5)) and the kernel's host name. Whoever reads a file meanwhile sees it as it was or as it
 * will be.
 */
final class HostFiles {
  /** The C library takes no more. */
  private static final int MOST_NAME_SERVERS = 3;

  /** Ends our lines of {@code hosts}, which the next start writes anew; others are the image's. */
  private static final String MARK = " # husk";

  /** What the kernel calls a host without a name. No lookup of it would succeed. */
  private static final String NO_NAME = "(none)";

  private static final String DEFAULT_NAME = "husk";

  private final Path etc;
  private final Path kernelName;

  /**
   * Writes nothing yet.
   *
   * @param etc the directory of the files, made where it isn't there
   * @param kernelName the file that is the kernel's host name
   */
  HostFiles(Path etc, Path kernelName) {
    this.etc = etc;
    this.kernelName = kernelName;
  }

  /** Writes all; what can't be written is told on stderr and leaves the rest as it should be. */
  void write(NetworkConfig config) {
    try {
      String name = name(config);
      write("hosts", hosts(config, name));
      if (!config.nameServers().isEmpty()) {
        write("resolv.conf", resolver(config));
      }
    } catch (IOException e) {
      // Its message is the file's name alone.
      GuestBoot.say("names may not be found: " + e);
    }
  }

  /** The host's name, which the kernel has then, too. */
  private String name(NetworkConfig config) throws IOException {
    String kernels = Files.readString(kernelName).strip();
    String name = config.hostName();
    if (name == null) {
      name = kernels.equals(NO_NAME) ? DEFAULT_NAME : kernels;
    }
    if (!name.equals(kernels)) {
      Files.writeString(kernelName, name);
    }
    return name;
  }

  private static StringBuilder resolver(NetworkConfig config) {
    StringBuilder out = new StringBuilder();
    int count = 0;
    for (InetAddress server : config.nameServers()) {
      if (count++ < MOST_NAME_SERVERS) {
        out.append("nameserver ").append(server.getHostAddress()).append('\n');
      }
    }
    if (!config.search().isEmpty()) {
      out.append("search");
      for (String domain : config.search()) {
        out.append(' ').append(domain);
      }
      out.append('\n');
    }
    return out;
  }

  /** Loopback, and the host's name at its first address, or like Debian's at one of loopback. */
  private StringBuilder hosts(NetworkConfig config, String name) throws IOException {
    StringBuilder out = new StringBuilder();
    out.append("127.0.0.1 localhost").append(MARK).append('\n');
    out.append("::1 localhost ip6-localhost ip6-loopback").append(MARK).append('\n');
    out.append(
        config.addresses().isEmpty()
            ? "127.0.1.1"
            : config.addresses().getFirst().address().getHostAddress());
    int dot = name.indexOf('.');
    if (dot < 0 && !config.search().isEmpty()) {
      out.append(' ').append(name).append('.').append(config.search().getFirst());
    }
    out.append(' ').append(name);
    if (dot > 0) {
      out.append(' ').append(name, 0, dot);
    }
    out.append(MARK).append('\n');
    Path file = etc.resolve("hosts");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.endsWith(MARK)) {
          out.append(line).append('\n');
        }
      }
    }
    return out;
  }

  private void write(String name, StringBuilder content) throws IOException {
    Files.createDirectories(etc);
    Path temporary = etc.resolve("." + name + ".husk");
    Files.writeString(temporary, content);
    Files.move(temporary, etc.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}

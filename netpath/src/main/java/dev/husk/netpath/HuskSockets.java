package dev.husk.netpath;

import dev.husk.runtime.config.Options;
import dev.husk.scheduler.Descriptors;
import java.io.File;
import java.io.IOException;

/** The sockets group as the driver (agent or linked image) sees it. */
public final class HuskSockets {
  private HuskSockets() {}

  /**
   * From now on connections within the process stay there. The seams are in.
   *
   * @throws IOException where the capture's file can't be written
   */
  public static void open(Options options) throws IOException {
    String pcap = options.pcap();
    if (pcap != null) {
      Capture.start(new File(pcap));
    }
    String provider = System.getProperty("java.nio.channels.spi.SelectorProvider");
    if (provider == null || provider.equals("sun.nio.ch.EPollSelectorProvider")) {
      Loopback.open(options.kernelPorts());
    }
    // Another's selectors don't ask for what is ready in the process.
  }

  /** All counters, a line each: for people. */
  public static String statistics() {
    StringBuilder out = new StringBuilder();
    long total = 0;
    long open = 0;
    for (int number = 1; number < 1 << 16; number++) {
      Ports.Port port = Ports.find(number);
      if (port == null) {
        continue;
      }
      PortCount count = port.count;
      total += count.total();
      open += count.open();
      if (count.total() != 0) {
        line(out, "connections to port " + number + " in the process", count.total());
      }
      for (PortCount.Left why : PortCount.Left.values()) {
        if (count.left(why.ordinal()) != 0) {
          line(
              out,
              "connections to port " + number + " left to the kernel, " + why.text,
              count.left(why.ordinal()));
        }
      }
    }
    line(out, "connections in the process", total);
    line(out, "connections in the process, still open", open);
    if (DatagramPorts.delivered.sum() != 0) {
      line(out, "datagrams in the process", DatagramPorts.delivered.sum());
      line(out, "datagrams in the process, dropped", DatagramPorts.dropped.sum());
    }
    line(out, "virtual descriptors open", Descriptors.openVirtual());
    return out.toString();
  }

  private static void line(StringBuilder out, String name, long value) {
    out.append("husk: ").append(name).append(": ").append(value).append('\n');
  }
}

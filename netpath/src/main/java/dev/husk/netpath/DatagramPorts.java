package dev.husk.netpath;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The datagram sockets of this JVM, by port. */
final class DatagramPorts {
  private static final PortTable<Port> table =
      new PortTable<>() {
        @Override
        Port make(int number) {
          return new Port(number);
        }
      };

  /** Datagrams that stayed in the process. */
  static final LongAdder delivered = new LongAdder();

  /** Datagrams within the process for which there was no room. */
  static final LongAdder dropped = new LongAdder();

  private DatagramPorts() {}

  /** A port to which this JVM has a socket bound, or had. */
  static final class Port {
    final int number;

    final CopyOnWriteArrayList<Datagrams> sockets = new CopyOnWriteArrayList<>();

    Port(int number) {
      this.number = number;
    }
  }

  /** The socket that takes datagrams to an address and port, or null. */
  static @Nullable Datagrams find(int number, long high, long low) {
    Port port = table.find(number);
    if (port != null) {
      for (Datagrams each : port.sockets) {
        // The kernel lets no two unshared sockets have the same address and port.
        if (each.takes(high, low)) {
          return each;
        }
      }
    }
    return null;
  }

  static Port of(int number) {
    return table.of(number);
  }
}

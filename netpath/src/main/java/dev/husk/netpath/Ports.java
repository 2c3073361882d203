package dev.husk.netpath;

import java.net.InetAddress;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What this JVM listens on, by port. */
final class Ports {
  private static final PortTable<Port> table =
      new PortTable<>() {
        @Override
        Port make(int number) {
          return new Port(number);
        }
      };

  private Ports() {}

  /** A port that this JVM listens on, or did. */
  static final class Port {
    final int number;
    final PortCount count = new PortCount();

    /** Why listeners of this JVM aren't served, null where none was left to the kernel. */
    volatile PortCount.@Nullable Left left;

    final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();

    Port(int number) {
      this.number = number;
    }

    /** The listener that the kernel would give a connection to an address of this machine. */
    @Nullable Listener find(InetAddress address) {
      Listener wildcard = null;
      for (Listener each : listeners) {
        if (each.address.equals(address)) {
          return each;
        }
        if (each.takesAny(address)) {
          wildcard = each;
        }
      }
      return wildcard;
    }
  }

  /** A port, or null where this JVM never listened on it. */
  static @Nullable Port find(int number) {
    return table.find(number);
  }

  static Port of(int number) {
    return table.of(number);
  }
}

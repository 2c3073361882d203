package dev.husk.netpath;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What this JVM listens on, by port. */
final class Ports {
  private static final int SHIFT = 8;
  private static final int PAGE = 1 << SHIFT;

  private static final AtomicReferenceArray<AtomicReferenceArray<Port>> pages =
      new AtomicReferenceArray<>(PAGE);

  private Ports() {}

  /** A port that this JVM listens on, or did. */
  static final class Port {
    final int number;
    final PortCount count = new PortCount();

    /** Why listeners of this JVM aren't served, null where none was left to the kernel. */
    volatile PortCount.@Nullable Left left;

    /** Its listeners, a list that is replaced as a whole under this object's monitor. */
    private volatile Listener[] listeners = {};

    Port(int number) {
      this.number = number;
    }

    synchronized void add(Listener listener) {
      Listener[] more = new Listener[listeners.length + 1];
      System.arraycopy(listeners, 0, more, 0, listeners.length);
      more[listeners.length] = listener;
      listeners = more;
    }

    synchronized void remove(Listener listener) {
      Listener[] fewer = new Listener[listeners.length];
      int n = 0;
      for (Listener each : listeners) {
        if (each != listener) {
          fewer[n++] = each;
        }
      }
      listeners = Arrays.copyOf(fewer, n);
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
    AtomicReferenceArray<Port> page = pages.get(number >>> SHIFT & (PAGE - 1));
    return page == null ? null : page.get(number & (PAGE - 1));
  }

  static Port of(int number) {
    int at = number >>> SHIFT & (PAGE - 1);
    AtomicReferenceArray<Port> page = pages.get(at);
    if (page == null) {
      pages.compareAndSet(at, null, new AtomicReferenceArray<>(PAGE));
      page = pages.get(at);
    }
    Port port = page.get(number & (PAGE - 1));
    if (port == null) {
      page.compareAndSet(number & (PAGE - 1), null, new Port(number));
      port = page.get(number & (PAGE - 1));
    }
    return port;
  }
}

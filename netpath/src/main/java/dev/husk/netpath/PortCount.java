package dev.husk.netpath;

import java.util.concurrent.atomic.LongAdder;

/** The connections to one port that stayed in the process, and those that didn't. */
final class PortCount {
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder[] left = new LongAdder[Left.values().length];

  /** Why a connect to a port that this JVM listens on went to the kernel. */
  enum Left {
    SWITCHED_OFF("the option says so"),
    SHARED("its listeners share the port (SO_REUSEPORT)"),
    CLIENT("the client's socket shares its port (SO_REUSEADDR)"),
    FAMILY("the client is bound to an address of another kind"),
    NO_PORT("no local port could be had"),
    NO_DESCRIPTOR("too many connections");

    final String text;

    Left(String text) {
      this.text = text;
    }
  }

  PortCount() {
    for (int i = 0; i < left.length; i++) {
      left[i] = new LongAdder();
    }
  }

  void opened() {
    opened.increment();
  }

  void closed() {
    closed.increment();
  }

  void left(Left why) {
    left[why.ordinal()].increment();
  }

  long total() {
    return opened.sum();
  }

  long open() {
    // Closed first: none closes before it opens.
    long closed = this.closed.sum();
    return opened.sum() - closed;
  }

  long left(int why) {
    return left[why].sum();
  }
}

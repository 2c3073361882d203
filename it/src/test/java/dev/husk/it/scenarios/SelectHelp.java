package dev.husk.it.scenarios;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.TreeSet;

/** What the programs about selectors share. */
final class SelectHelp {
  private SelectHelp() {}

  /** Registers a channel, under a name by which it is told of. */
  static SelectionKey add(Selector selector, SelectableChannel channel, int ops, String name)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, ops, name);
  }

  /** Selects until something is ready, within 3 s; tells how much and what. */
  static String selected(Selector selector) throws IOException {
    int n = selector.select(3_000);
    return n + ready(selector);
  }

  /** What was selected, by the keys' names; afterwards nothing is. */
  static String ready(Selector selector) {
    TreeSet<String> ready = new TreeSet<>();
    for (SelectionKey key : selector.selectedKeys()) {
      ready.add(key.attachment() + "=" + (key.isValid() ? key.readyOps() : "invalid"));
    }
    selector.selectedKeys().clear();
    return ready.toString();
  }
}

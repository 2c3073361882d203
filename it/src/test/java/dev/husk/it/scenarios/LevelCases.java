package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.LoopbackHelp.buffer;
import static dev.husk.it.scenarios.SelectHelp.add;
import static dev.husk.it.scenarios.SelectHelp.ready;
import static dev.husk.it.scenarios.SelectHelp.selected;
import static dev.husk.it.scenarios.SocketHelp.channelListener;
import static dev.husk.it.scenarios.SocketHelp.channelPair;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A selector reports what is ready, not what has become so, and nothing else. */
final class LevelCases {
  private static final int READ = SelectionKey.OP_READ;
  private static final int WRITE = SelectionKey.OP_WRITE;
  private static final int ACCEPT = SelectionKey.OP_ACCEPT;

  /** Long enough for what was sent to have come. */
  private static final int ARRIVAL = 10;

  private LevelCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LevelCases.class, args);
  }

  /** What is done with a selector that has nothing yet, and both ends of a connection. */
  private interface Scene {
    Object play(Kind kind, Selector selector, ChannelPair pair) throws Throwable;
  }

  private static Object eachWithPair(Scene scene) {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            return scene.play(kind, selector, pair);
          }
        });
  }

  /** That nothing is, and that this takes its time. */
  private static String nothing(Selector selector) throws IOException {
    long start = System.nanoTime();
    int n = selector.select(30);
    return n + ready(selector) + Help.passed(start, 30);
  }

  private static String now(Selector selector) throws IOException {
    int n = selector.selectNow();
    return n + ready(selector);
  }

  private static String read(SocketChannel channel, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(most);
    int n = channel.read(bytes);
    return n + "'" + StandardCharsets.US_ASCII.decode(bytes.flip()) + "' ";
  }

  @Case
  static Object readInParts() {
    return eachWithPair(
        (kind, selector, pair) -> {
          add(selector, pair.server(), READ, "s");
          StringBuilder seen = new StringBuilder();
          pair.client().write(buffer("abcdefgh"));
          seen.append(selected(selector)).append(read(pair.server(), 3));
          seen.append(selected(selector)).append(read(pair.server(), 3));
          seen.append(now(selector)).append(read(pair.server(), 3)).append(nothing(selector));
          pair.client().write(buffer("xy"));
          return seen.append(selected(selector)).append(read(pair.server(), 9)).toString();
        });
  }

  /** A read that fills its buffer doesn't know that it took the last byte. */
  @Case
  static Object readExactly() {
    return eachWithPair(
        (kind, selector, pair) -> {
          add(selector, pair.server(), READ, "s");
          StringBuilder seen = new StringBuilder();
          for (int i = 0; i < 3; i++) {
            pair.client().write(buffer("abcd"));
            seen.append(selected(selector)).append(read(pair.server(), 4));
            seen.append(i == 1 ? now(selector) : nothing(selector));
          }
          return seen.toString();
        });
  }

  @Case
  static Object notRead() {
    return eachWithPair(
        (kind, selector, pair) -> {
          add(selector, pair.server(), READ, "s");
          pair.client().write(buffer("abc"));
          StringBuilder seen = new StringBuilder();
          for (int i = 0; i < 4; i++) {
            seen.append(i % 2 == 0 ? selected(selector) : now(selector));
          }
          Meanwhile other = kind.begin(k -> read(pair.server(), 9));
          return seen + other.end() + nothing(selector) + now(selector);
        });
  }

  @Case
  static Object readIntoSeveral() {
    return eachWithPair(
        (kind, selector, pair) -> {
          add(selector, pair.server(), READ, "s");
          pair.client().write(buffer("abcdefgh"));
          pause(ARRIVAL);
          ByteBuffer[] two = {ByteBuffer.allocate(2), ByteBuffer.allocate(3)};
          StringBuilder seen = new StringBuilder(selected(selector));
          seen.append(pair.server().read(two)).append(selected(selector));
          two[0].clear();
          two[1].clear();
          seen.append(pair.server().read(two)).append(nothing(selector));
          return seen.append(pair.server().read(two[1].clear())).toString();
        });
  }

  @Case
  static Object twoSelectors() {
    return Kind.each(
        kind -> {
          try (Selector one = Selector.open();
              Selector two = Selector.open();
              ChannelPair pair = channelPair()) {
            add(one, pair.server(), READ, "one");
            add(two, pair.server(), READ | WRITE, "two");
            StringBuilder seen = new StringBuilder(now(one)).append(selected(two));
            pair.client().write(buffer("abcdef"));
            pause(ARRIVAL);
            seen.append(selected(one)).append(selected(two)).append(read(pair.server(), 3));
            seen.append(now(one)).append(now(two)).append(read(pair.server(), 9));
            return seen.append(nothing(one)).append(now(two)).toString();
          }
        });
  }

  @Case
  static Object interestComesAndGoes() {
    return eachWithPair(
        (kind, selector, pair) -> {
          SelectionKey key = add(selector, pair.server(), 0, "s");
          pair.client().write(buffer("abcdef"));
          StringBuilder seen = new StringBuilder(nothing(selector));
          key.interestOps(READ);
          seen.append(selected(selector));
          key.interestOps(0);
          seen.append(now(selector)).append(read(pair.server(), 3));
          key.interestOps(WRITE);
          seen.append(selected(selector)).append(selected(selector));
          key.interestOps(READ | WRITE);
          seen.append(selected(selector)).append(read(pair.server(), 9)).append(now(selector));
          key.interestOps(READ);
          seen.append(nothing(selector));
          key.cancel();
          seen.append(now(selector));
          pair.client().write(buffer("ghi"));
          pause(ARRIVAL);
          add(selector, pair.server(), READ, "again");
          return seen.append(selected(selector)).append(read(pair.server(), 9)).toString();
        });
  }

  @Case
  static Object endAfterBytes() {
    return eachWithPair(
        (kind, selector, pair) -> {
          add(selector, pair.server(), READ, "s");
          pair.client().write(buffer("abcdef"));
          pair.client().shutdownOutput();
          pause(ARRIVAL);
          StringBuilder seen = new StringBuilder();
          for (int i = 0; i < 3; i++) {
            seen.append(selected(selector)).append(read(pair.server(), 4));
          }
          return seen.append(selected(selector)).append(now(selector)).toString();
        });
  }

  /** The end comes when all bytes have been read. */
  @Case
  static Object endLater() {
    return eachWithPair(
        (kind, selector, pair) -> {
          add(selector, pair.server(), READ, "s");
          pair.client().write(buffer("abc"));
          StringBuilder seen = new StringBuilder(selected(selector));
          seen.append(read(pair.server(), 9)).append(nothing(selector));
          pair.client().close();
          seen.append(selected(selector)).append(now(selector)).append(read(pair.server(), 9));
          return seen.append(selected(selector)).toString();
        });
  }

  /** What has come is seen at once, of all channels. */
  @Case
  static Object manyAtOnce() {
    return Kind.each(
        kind -> {
          List<ChannelPair> pairs = new ArrayList<>();
          try (Selector selector = Selector.open()) {
            for (int i = 0; i < 40; i++) {
              ChannelPair pair = channelPair();
              pairs.add(pair);
              add(selector, pair.server(), READ, "c" + i);
            }
            StringBuilder seen = new StringBuilder(now(selector));
            for (int round = 0; round < 3; round++) {
              for (ChannelPair pair : pairs) {
                pair.client().write(buffer("x"));
              }
              pause(ARRIVAL);
              seen.append(selector.selectNow()).append(ready(selector).length()).append(' ');
              for (ChannelPair pair : pairs) {
                seen.append(pair.server().read(ByteBuffer.allocate(4)));
              }
              seen.append(now(selector));
            }
            return seen.toString();
          } finally {
            for (ChannelPair pair : pairs) {
              pair.close();
            }
          }
        });
  }

  /** Bytes are lost neither to the selecting thread nor to one that reads meanwhile. */
  @Case
  static Object readInAnotherThread() {
    return Kind.each(
        kind -> {
          int total = 20_000;
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            SelectionKey key = add(selector, pair.server(), READ, "s");
            Meanwhile writer =
                kind.begin(
                    k -> {
                      ByteBuffer bytes = ByteBuffer.allocate(7);
                      for (int sent = 0; sent < total; ) {
                        bytes.clear().limit(Math.min(7, total - sent));
                        sent += pair.client().write(bytes);
                      }
                      return "sent";
                    });
            AtomicInteger came = new AtomicInteger();
            Meanwhile reader =
                kind.begin(
                    k -> {
                      ByteBuffer bytes = ByteBuffer.allocate(5);
                      while (came.get() < total) {
                        synchronized (bytes) {
                          bytes.wait(1);
                        }
                        for (int n; (n = pair.server().read(bytes.clear())) == 5; ) {
                          came.addAndGet(n);
                        }
                        came.addAndGet(Math.max(0, bytes.position() % 5));
                        key.interestOps(READ);
                        selector.wakeup();
                      }
                      return "read";
                    });
            ByteBuffer bytes = ByteBuffer.allocate(3);
            while (came.get() < total) {
              if (selector.select(3_000) > 0) {
                selector.selectedKeys().clear();
                came.addAndGet(Math.max(0, pair.server().read(bytes.clear())));
                key.interestOps(0);
              }
            }
            return writer.end() + reader.end() + came + nothing(selector).startsWith("0");
          }
        });
  }

  /** The listener is registered before it is bound. */
  @Case
  static Object boundWhenRegistered() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = ServerSocketChannel.open()) {
            add(selector, listener, ACCEPT, "l");
            StringBuilder seen = new StringBuilder(now(selector));
            listener.bind(new InetSocketAddress(loopback(), 0));
            seen.append(nothing(selector));
            try (SocketChannel one = SocketChannel.open(listener.getLocalAddress());
                SocketChannel two = SocketChannel.open(listener.getLocalAddress())) {
              pause(ARRIVAL);
              seen.append(selected(selector));
              try (SocketChannel first = listener.accept()) {
                seen.append(selected(selector));
                try (SocketChannel second = listener.accept()) {
                  seen.append(nothing(selector)).append(listener.accept());
                  return seen.append(one.isConnected() && two.isConnected()).toString();
                }
              }
            }
          }
        });
  }

  /** A selector that one thread has used goes over to another of another kind. */
  @Case
  static Object selectorChangesHands() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = channelListener();
              ChannelPair pair = channelPair()) {
            add(selector, pair.server(), READ, "s");
            add(selector, listener, ACCEPT, "l");
            StringBuilder seen = new StringBuilder(now(selector));
            for (Kind other : Kind.values()) {
              Meanwhile select = other.begin(k -> selected(selector));
              pause(20);
              pair.client().write(buffer("abc"));
              seen.append(select.end()).append(read(pair.server(), 9));
            }
            pair.client().write(buffer("abc"));
            return seen.append(selected(selector)).append(read(pair.server(), 9)).toString();
          }
        });
  }
}

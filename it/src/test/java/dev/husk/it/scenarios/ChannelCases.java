package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;
import static dev.husk.it.scenarios.SocketHelp.bytes;
import static dev.husk.it.scenarios.SocketHelp.channelListener;
import static dev.husk.it.scenarios.SocketHelp.channelPair;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Channels and selectors, and what interrupts and closes do to them. */
final class ChannelCases {
  private ChannelCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(ChannelCases.class, args);
  }

  /** Interrupts a thread in a blocking call of a channel; what it got, and what the channel is. */
  private static Object interrupted(Help.Body blocking, Channel channel) throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    AtomicBoolean in = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              in.set(true);
              seen.add(thrown(blocking));
              seen.add(Thread.currentThread().isInterrupted());
            });
    until(in::get);
    Help.pause(50);
    thread.interrupt();
    return ended(thread) + " " + seen + " " + channel.isOpen();
  }

  private static Object closed(Help.Body blocking, Channel channel) throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    AtomicBoolean in = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              in.set(true);
              seen.add(thrown(blocking));
            });
    until(in::get);
    Help.pause(50);
    channel.close();
    return ended(thread) + " " + seen;
  }

  @Case
  static Object interruptDuringRead() throws Exception {
    try (ChannelPair pair = channelPair()) {
      return interrupted(() -> pair.client().read(ByteBuffer.allocate(10)), pair.client());
    }
  }

  @Case
  static Object interruptDuringWrite() throws Exception {
    try (ChannelPair pair = channelPair()) {
      return interrupted(
          () -> {
            while (true) {
              pair.client().write(ByteBuffer.allocate(1 << 20));
            }
          },
          pair.client());
    }
  }

  @Case
  static Object interruptDuringAccept() throws Exception {
    ServerSocketChannel listener = channelListener();
    return interrupted(listener::accept, listener);
  }

  @Case
  static Object interruptDuringReceive() throws Exception {
    DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(loopback(), 0));
    return interrupted(() -> channel.receive(ByteBuffer.allocate(10)), channel);
  }

  @Case
  static Object interruptDuringPipeRead() throws Exception {
    Pipe pipe = Pipe.open();
    Object seen = interrupted(() -> pipe.source().read(ByteBuffer.allocate(10)), pipe.source());
    pipe.sink().close();
    return seen;
  }

  private static Path newFifo() throws Exception {
    Path fifo = Files.createTempDirectory("husk-it").resolve("fifo");
    new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
    return fifo;
  }

  private static void deleteFifo(Path fifo) throws IOException {
    Files.delete(fifo);
    Files.delete(fifo.getParent());
  }

  /** A channel to a FIFO in both directions, which needs no other side. */
  private static FileChannel fifo() throws Exception {
    Path fifo = newFifo();
    FileChannel channel = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
    deleteFifo(fifo);
    return channel;
  }

  @Case
  static Object interruptDuringFifoRead() throws Exception {
    FileChannel channel = fifo();
    return interrupted(() -> channel.read(ByteBuffer.allocate(10)), channel);
  }

  @Case
  static Object interruptDuringFifoWrite() throws Exception {
    FileChannel channel = fifo();
    return interrupted(() -> channel.write(ByteBuffer.allocate(1 << 20)), channel);
  }

  @Case
  static Object interruptedBeforeRead() throws Exception {
    try (ChannelPair pair = channelPair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread =
          go(
              () -> {
                Thread.currentThread().interrupt();
                seen.add(thrown(() -> pair.client().read(ByteBuffer.allocate(10))));
                seen.add(Thread.interrupted());
              });
      return ended(thread) + " " + seen + " " + pair.client().isOpen();
    }
  }

  @Case
  static Object interruptedFileChannel() throws Exception {
    Path file = Files.createTempFile("husk-it", "");
    Files.write(file, new byte[100]);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
              seen.add(channel.read(ByteBuffer.allocate(10)));
              Thread.currentThread().interrupt();
              seen.add(thrown(() -> channel.read(ByteBuffer.allocate(10))));
              seen.add(Thread.interrupted());
              seen.add(channel.isOpen());
            });
    String end = ended(thread);
    Files.delete(file);
    return end + " " + seen;
  }

  @Case
  static Object interruptDuringConnectIsHarmless() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (ServerSocketChannel listener = channelListener()) {
      Thread thread =
          go(
              () -> {
                Thread.currentThread().interrupt();
                SocketChannel channel = SocketChannel.open();
                seen.add(thrown(() -> channel.connect(listener.getLocalAddress())));
                seen.add(channel.isOpen());
              });
      return ended(thread) + " " + seen;
    }
  }

  @Case
  static Object closeDuringRead() throws Exception {
    try (ChannelPair pair = channelPair()) {
      return closed(() -> pair.client().read(ByteBuffer.allocate(10)), pair.client());
    }
  }

  @Case
  static Object closeDuringWrite() throws Exception {
    try (ChannelPair pair = channelPair()) {
      Object seen =
          closed(
              () -> {
                while (true) {
                  pair.client().write(ByteBuffer.allocate(1 << 20));
                }
              },
              pair.client());
      // A close between two writes is told by the superclass.
      return seen.toString().replace("Asynchronous", "").replace("ClosedChannel", "Close");
    }
  }

  @Case
  static Object closeDuringAccept() throws Exception {
    ServerSocketChannel listener = channelListener();
    return closed(listener::accept, listener);
  }

  @Case
  static Object closeDuringReceive() throws Exception {
    DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(loopback(), 0));
    return closed(() -> channel.receive(ByteBuffer.allocate(10)), channel);
  }

  @Case
  static Object closeDuringPipeRead() throws Exception {
    Pipe pipe = Pipe.open();
    Object seen = closed(() -> pipe.source().read(ByteBuffer.allocate(10)), pipe.source());
    pipe.sink().close();
    return seen;
  }

  @Case
  static Object closeDuringFifoRead() throws Exception {
    FileChannel channel = fifo();
    return closed(() -> channel.read(ByteBuffer.allocate(10)), channel);
  }

  @Case
  static Object closeDuringFifoWrite() throws Exception {
    // What has been written counts.
    FileChannel channel = fifo();
    return closed(() -> channel.write(ByteBuffer.allocate(1 << 20)), channel);
  }

  @Case
  static Object fifoOpenedAndReadWithWriter() throws Exception {
    Path fifo = newFifo();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread reader =
        go(
            () -> {
              ByteBuffer buffer = ByteBuffer.allocate(10);
              try (FileChannel channel = FileChannel.open(fifo, StandardOpenOption.READ)) {
                for (int n = 0; n >= 0; n = channel.read(buffer)) {
                  seen.add(n);
                }
              }
            });
    Help.pause(50);
    seen.add("opens");
    try (FileChannel channel = FileChannel.open(fifo, StandardOpenOption.WRITE)) {
      until(() -> seen.size() == 2);
      for (int n = 1; n <= 3; n++) {
        Help.pause(10);
        channel.write(ByteBuffer.allocate(n));
        int read = n + 2;
        until(() -> seen.size() == read);
      }
    }
    deleteFifo(fifo);
    return ended(reader) + " " + seen;
  }

  /** An interrupt doesn't end an open that waits for the other side; the next call sees it. */
  @Case
  static Object interruptDuringFifoOpen() throws Exception {
    Path fifo = newFifo();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread reader =
        go(
            () -> {
              try (FileChannel channel = FileChannel.open(fifo, StandardOpenOption.READ)) {
                seen.add("open");
                seen.add(thrown(() -> channel.read(ByteBuffer.allocate(10))));
              }
            });
    Help.pause(50);
    reader.interrupt();
    Help.pause(50);
    seen.add("opens");
    FileChannel.open(fifo, StandardOpenOption.WRITE).close();
    deleteFifo(fifo);
    return ended(reader) + " " + seen;
  }

  @Case
  static Object adaptorsOfChannels() throws Exception {
    try (ChannelPair pair = channelPair()) {
      pair.client().socket().setSoTimeout(20);
      String timedOut = thrown(() -> pair.client().socket().getInputStream().read());
      pair.server().write(bytes(5));
      return timedOut + " " + pair.client().socket().getInputStream().read();
    }
  }

  @Case
  static Object gatherAndScatter() throws Exception {
    try (ChannelPair pair = channelPair()) {
      long written = pair.client().write(new ByteBuffer[] {bytes(1, 2), bytes(3), bytes(4, 5, 6)});
      ByteBuffer one = ByteBuffer.allocate(4);
      ByteBuffer two = ByteBuffer.allocate(4);
      long read = 0;
      while (read < 6) {
        read += pair.server().read(new ByteBuffer[] {one, two});
      }
      return written + " " + read + " " + one.get(3) + " " + two.get(1);
    }
  }

  @Case
  static Object nonBlockingReads() throws Exception {
    try (ChannelPair pair = channelPair()) {
      pair.client().configureBlocking(false);
      int none = pair.client().read(ByteBuffer.allocate(10));
      pair.server().write(bytes(1, 2, 3));
      ByteBuffer buffer = ByteBuffer.allocate(10);
      until(
          () -> {
            try {
              return pair.client().read(buffer) == 3;
            } catch (IOException e) {
              return false;
            }
          });
      // Back to blocking on a descriptor that was non-blocking.
      pair.client().configureBlocking(true);
      Thread later =
          go(
              () -> {
                Help.pause(20);
                pair.server().write(bytes(9));
              });
      int blocking = pair.client().read(buffer);
      return none + " " + buffer.position() + " " + blocking + " " + ended(later);
    }
  }

  @Case
  static Object pipes() throws Exception {
    Pipe pipe = Pipe.open();
    AtomicLong sum = new AtomicLong();
    Thread reader =
        go(
            () -> {
              ByteBuffer buffer = ByteBuffer.allocate(1000);
              while (pipe.source().read(buffer) >= 0) {
                sum.addAndGet(buffer.position());
                buffer.clear();
              }
            });
    Thread writer =
        go(
            () -> {
              for (int i = 0; i < 100; i++) {
                ByteBuffer buffer = ByteBuffer.allocate(5_000);
                while (buffer.hasRemaining()) {
                  pipe.sink().write(buffer);
                }
              }
              pipe.sink().close();
            });
    return ended(writer, reader) + " " + sum;
  }

  @Case
  static Object unixSockets() throws Exception {
    Path path = Files.createTempDirectory("husk-it").resolve("socket");
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      Thread server =
          go(
              () -> {
                try (SocketChannel channel = listener.accept()) {
                  ByteBuffer buffer = ByteBuffer.allocate(10);
                  channel.read(buffer);
                  channel.write(buffer.flip());
                }
              });
      Thread client =
          go(
              () -> {
                try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                  Help.pause(20);
                  channel.write(bytes(1, 2, 3));
                  ByteBuffer buffer = ByteBuffer.allocate(10);
                  seen.add(channel.read(buffer));
                  seen.add(channel.read(buffer));
                }
              });
      return ended(server, client) + " " + seen;
    } finally {
      Files.delete(path);
    }
  }

  @Case
  static Object asynchronousChannels() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              try (AsynchronousServerSocketChannel listener =
                      AsynchronousServerSocketChannel.open()
                          .bind(new InetSocketAddress(loopback(), 0));
                  AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
                var accepted = listener.accept();
                client.connect(listener.getLocalAddress()).get();
                try (AsynchronousSocketChannel server = accepted.get(10, TimeUnit.SECONDS)) {
                  ByteBuffer buffer = ByteBuffer.allocate(10);
                  var read = server.read(buffer);
                  seen.add(client.write(bytes(1, 2, 3)).get());
                  seen.add(read.get(10, TimeUnit.SECONDS));
                }
              }
            });
    return ended(thread) + " " + seen;
  }

  /** Waits in a selector, in a thread: what select returned, and the interrupt status. */
  private static Thread selecting(Selector selector, List<Object> seen, long millis) {
    AtomicBoolean in = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              in.set(true);
              seen.add(selector.select(millis));
              seen.add(Thread.currentThread().isInterrupted());
              seen.add(selector.isOpen());
            });
    until(in::get);
    Help.pause(50);
    return thread;
  }

  @Case
  static Object selectorWakeup() throws Exception {
    try (Selector selector = Selector.open()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread = selecting(selector, seen, 0);
      selector.wakeup();
      String first = ended(thread);
      selector.wakeup();
      Thread second = go(() -> seen.add(selector.select()));
      return first + " " + ended(second) + " " + seen;
    }
  }

  @Case
  static Object selectorInterrupt() throws Exception {
    try (Selector selector = Selector.open()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread = selecting(selector, seen, 0);
      thread.interrupt();
      String first = ended(thread);
      Thread second = selecting(selector, seen, 60_000);
      second.interrupt();
      return first + " " + ended(second) + " " + seen;
    }
  }

  @Case
  static Object selectorInterruptedBefore() throws Exception {
    try (Selector selector = Selector.open()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread =
          go(
              () -> {
                Thread.currentThread().interrupt();
                seen.add(selector.select());
                seen.add(Thread.interrupted());
              });
      return ended(thread) + " " + seen;
    }
  }

  @Case
  static Object selectorClosed() throws Exception {
    Selector selector = Selector.open();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () ->
                seen.add(
                    thrown(
                        () -> {
                          selector.select();
                          seen.add(selector.isOpen());
                        })));
    Help.pause(50);
    selector.close();
    return ended(thread) + " " + seen + " " + thrown(selector::select);
  }

  @Case
  static Object selectorTimesOut() throws Exception {
    try (Selector selector = Selector.open()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread =
          go(
              () -> {
                long start = System.nanoTime();
                seen.add(selector.select(30));
                seen.add(Help.passed(start, 30));
                seen.add(selector.selectNow());
              });
      return ended(thread) + " " + seen;
    }
  }

  @Case
  static Object selectorKeyCancelledByOther() throws Exception {
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      pair.client().configureBlocking(false);
      SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread = selecting(selector, seen, 0);
      key.cancel();
      boolean still = thread.isAlive();
      selector.wakeup();
      return still
          + " "
          + ended(thread)
          + " "
          + seen
          + " "
          + key.isValid()
          + " "
          + selector.keys().size();
    }
  }

  @Case
  static Object selectorSeesChannelClosed() throws Exception {
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      pair.client().configureBlocking(false);
      pair.client().register(selector, SelectionKey.OP_READ);
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread = selecting(selector, seen, 0);
      pair.client().close();
      selector.wakeup();
      String end = ended(thread);
      selector.selectNow();
      return end + " " + seen + " " + selector.keys().size();
    }
  }

  @Case
  static Object selectorSeesData() throws Exception {
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      pair.client().configureBlocking(false);
      pair.client().register(selector, SelectionKey.OP_READ);
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread = selecting(selector, seen, 0);
      pair.server().write(bytes(1));
      return ended(thread)
          + " "
          + seen
          + " "
          + selector.selectedKeys().iterator().next().isReadable();
    }
  }

  @Case
  static Object selectorSeesDataAgain() throws Exception {
    // Level-triggered: what isn't read is reported again.
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      pair.client().configureBlocking(false);
      pair.client().register(selector, SelectionKey.OP_READ);
      List<Object> seen = new CopyOnWriteArrayList<>();
      pair.server().write(bytes(1, 2));
      Thread thread =
          go(
              () -> {
                for (int i = 0; i < 3; i++) {
                  seen.add(selector.select(10_000));
                  selector.selectedKeys().clear();
                }
                pair.client().read(ByteBuffer.allocate(10));
                seen.add(selector.select(20));
              });
      return ended(thread) + " " + seen;
    }
  }

  @Case
  static Object selectorRegisterWhileSelecting() throws Exception {
    // Whether a running select notices a new key isn't promised; the next one must.
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      pair.client().configureBlocking(false);
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread = selecting(selector, new ArrayList<>(), 0);
      pair.client().register(selector, SelectionKey.OP_WRITE);
      selector.wakeup();
      String first = ended(thread);
      selector.selectedKeys().clear();
      Thread second = go(() -> seen.add(selector.select(10_000)));
      return first + " " + ended(second) + " " + seen;
    }
  }

  @Case
  static Object selectorInterestChangedByOther() throws Exception {
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      pair.client().configureBlocking(false);
      SelectionKey key = pair.client().register(selector, 0);
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread = selecting(selector, seen, 0);
      key.interestOps(SelectionKey.OP_WRITE);
      selector.wakeup();
      String first = ended(thread);
      Thread second = go(() -> seen.add(selector.select(10_000)));
      return first + " " + ended(second) + " " + seen;
    }
  }

  @Case
  static Object selectorAcceptLoop() throws Exception {
    // An event loop as servers write it, with clients in threads of their own.
    int clients = 50;
    AtomicInteger answers = new AtomicInteger();
    try (Selector selector = Selector.open();
        ServerSocketChannel listener = channelListener()) {
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      AtomicBoolean stop = new AtomicBoolean();
      Thread loop = go(() -> eventLoop(selector, listener, stop));
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        threads.add(
            go(
                () -> {
                  try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
                    ByteBuffer buffer = ByteBuffer.allocate(1);
                    for (int n = 0; n < 20; n++) {
                      channel.write(bytes(n));
                      buffer.clear();
                      channel.read(buffer);
                      if (buffer.get(0) == n) {
                        answers.incrementAndGet();
                      }
                    }
                  }
                }));
      }
      String end = ended(threads.toArray(new Thread[0]));
      stop.set(true);
      selector.wakeup();
      return end + " " + ended(loop) + " " + answers;
    }
  }

  private static void eventLoop(Selector selector, ServerSocketChannel listener, AtomicBoolean stop)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    while (!stop.get()) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isAcceptable()) {
          SocketChannel channel = listener.accept();
          if (channel != null) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
          }
        } else {
          SocketChannel channel = (SocketChannel) key.channel();
          buffer.clear();
          if (channel.read(buffer) < 0) {
            channel.close();
          } else {
            channel.write(buffer.flip());
          }
        }
      }
      selector.selectedKeys().clear();
    }
  }

  @Case
  static Object manySelectors() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Selector> selectors = new ArrayList<>();
    AtomicInteger woken = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      Selector selector = Selector.open();
      selectors.add(selector);
      threads.add(
          go(
              () -> {
                selector.select();
                woken.incrementAndGet();
                selector.close();
              }));
    }
    Thread other = go(() -> Help.pause(20));
    String end = ended(other);
    selectors.forEach(Selector::wakeup);
    return end + " " + ended(threads.toArray(new Thread[0])) + " " + woken;
  }

  @Case
  static Object nonBlockingConnect() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (ServerSocketChannel listener = channelListener();
        Selector selector = Selector.open()) {
      Thread thread =
          go(
              () -> {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                if (!channel.connect(listener.getLocalAddress())) {
                  channel.register(selector, SelectionKey.OP_CONNECT);
                  selector.select(10_000);
                }
                seen.add(channel.finishConnect());
                channel.close();
              });
      return ended(thread) + " " + seen;
    }
  }
}

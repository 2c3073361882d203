package dev.husk.it.scenarios;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Opens and drops connections within the JVM at random, each with a stream of bytes that tell their
 * position: whatever arrives is what was sent, in order, and a connection that ends well has
 * carried all of it.
 */
public final class ConnectionSoakProgram {
  private static final int LARGEST = 40_000;

  /** What the client tells the server first: to echo all, or to drop the connection on the way. */
  private static final int ECHO = 1;

  private static final int DROP = 2;

  private final ServerSocket listener;
  private final long end;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicLong whole = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong serving = new AtomicLong();

  private ConnectionSoakProgram(long nanos) throws IOException {
    listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    end = System.nanoTime() + nanos;
  }

  /** Arguments: seconds, connections at a time, seed. */
  public static void main(String[] args) throws Exception {
    ConnectionSoakProgram soak =
        new ConnectionSoakProgram(TimeUnit.SECONDS.toNanos(Long.parseLong(args[0])));
    soak.run(Integer.parseInt(args[1]), Long.parseLong(args[2]));
  }

  private void run(int connections, long seed) throws Exception {
    Thread accepting = new Thread(this::accept, "accept");
    accepting.start();
    CountDownLatch clients = new CountDownLatch(connections);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Random random = new Random(seed + i);
      Runnable client =
          () -> {
            try {
              while (System.nanoTime() < end && failure.get() == null) {
                connection(random);
              }
            } catch (Throwable e) {
              fail(e);
            } finally {
              clients.countDown();
            }
          };
      // Both kinds, and some that Husk leaves to the platform.
      threads.add(
          i % 2 == 0
              ? Thread.ofVirtual().unstarted(client)
              : new Thread(client, i % 50 == 1 ? "platform-" + i : "client-" + i));
    }
    threads.forEach(Thread::start);
    clients.await();
    listener.close();
    accepting.join();
    while (serving.get() != 0 && failure.get() == null) {
      Thread.sleep(10);
    }
    if (failure.get() != null) {
      failure.get().printStackTrace();
      System.exit(1);
    }
    System.out.println(
        whole + " whole, " + dropped + " dropped, " + (bytes.get() >> 20) + " MB: passed");
  }

  private void fail(Throwable e) {
    failure.compareAndSet(null, e);
  }

  private static byte byteAt(long key, long position) {
    return (byte) (key + position * 31 + (position >>> 8) * 7);
  }

  private void connection(Random random) throws IOException {
    int key = random.nextInt(256);
    boolean serverDrops = random.nextInt(4) == 0;
    boolean clientDrops = !serverDrops && random.nextInt(4) == 0;
    int messages = 1 + random.nextInt(6);
    long sent = 0;
    long received = 0;
    byte[] buffer = new byte[LARGEST];
    try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      out.write(serverDrops ? DROP : ECHO);
      for (int i = 0; i < messages; i++) {
        int length = 1 + random.nextInt(random.nextInt(8) == 0 ? LARGEST : 300);
        for (int k = 0; k < length; k++) {
          buffer[k] = byteAt(key, sent + k);
        }
        out.write(buffer, 0, length);
        sent += length;
        // The reply in pieces; at times left for later, as far as it fits the buffers.
        while (received < sent && random.nextInt(4) != 0) {
          received += check(in, buffer, 1 + random.nextInt(LARGEST), key, received);
        }
      }
      if (clientDrops) {
        if (random.nextBoolean()) {
          socket.setSoLinger(true, 0);
        }
        dropped.getAndIncrement();
        return;
      }
      socket.shutdownOutput();
      int n;
      while ((n = check(in, buffer, LARGEST, key, received)) > 0) {
        received += n;
      }
      if (!serverDrops && received != sent) {
        throw new IllegalStateException(received + " of " + sent + " bytes came back");
      }
      whole.getAndIncrement();
    } catch (SocketException e) {
      if (!serverDrops) {
        throw e;
      }
      dropped.getAndIncrement();
    }
    bytes.getAndAdd(received);
  }

  /** Reads once; how much, 0 at the end. */
  private static int check(InputStream in, byte[] buffer, int most, int key, long position)
      throws IOException {
    int n = in.read(buffer, 0, Math.min(most, buffer.length));
    for (int i = 0; i < n; i++) {
      if (buffer[i] != byteAt(key, position + i)) {
        throw new IllegalStateException("a wrong byte at " + (position + i));
      }
    }
    return Math.max(n, 0);
  }

  private void accept() {
    int count = 0;
    while (true) {
      Socket socket;
      try {
        socket = listener.accept();
      } catch (IOException e) {
        return;
      }
      serving.getAndIncrement();
      Runnable server = () -> serve(socket);
      if (count++ % 2 == 0) {
        Thread.ofVirtual().start(server);
      } else {
        new Thread(server, "server").start();
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      boolean drop = in.read() == DROP;
      byte[] buffer = new byte[8192];
      int n;
      while ((n = in.read(buffer)) > 0) {
        out.write(buffer, 0, n);
        if (drop && n % 3 == 0) {
          return;
        }
      }
    } catch (IOException e) {
      // The client has dropped it.
      return;
    } catch (Throwable e) {
      fail(e);
    } finally {
      serving.getAndDecrement();
    }
  }
}

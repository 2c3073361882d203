package dev.husk.ab.load;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread of the driver with its connections.
 *
 * <p>Implementation notes. An open loop's requests are a grid in time, so the queue of those that
 * are due and wait for a free connection is just the number of the next one: it can't overflow, and
 * the schedule can't slip. Latencies count from the grid.
 *
 * <p>A selector's timeouts are whole milliseconds, too coarse for the grid, and spinning would take
 * the processor that the app needs. So a second thread, the ticker, sleeps from due time to due
 * time, and wakes the selector if it is asleep then. No wake-up is lost: {@link #awaitsTick} is set
 * before the clock is read the last time before the selector sleeps, and the ticker reads it after
 * the due time.
 */
final class Loop implements AutoCloseable {
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  /** Between two looks for what took too long. */
  private static final long SWEEP = 20 * MILLISECOND;

  /** Before another attempt to connect. */
  private static final long PAUSE = 50 * MILLISECOND;

  /** A connection that was free for longer may be closed by the app for just that. */
  private static final long IDLE = 1000 * MILLISECOND;

  /** The ticker sleeps at least so long. */
  private static final long TICK = MILLISECOND / 20;

  private static final int BUFFER = 64 * 1024;

  private final Plan plan;
  private final int index;
  private final int loops;
  private final long total;
  private final Tally tally = new Tally();
  private final Selector selector;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final List<Connection> connections = new ArrayList<>();
  private final ArrayDeque<Connection> free = new ArrayDeque<>();
  private final ArrayDeque<Again> again = new ArrayDeque<>();
  private final Consumer<SelectionKey> handler = this::handle;

  /** Connections with a request under way. */
  private int busy;

  private long start;
  private long end;
  private long next;
  private boolean running;
  private boolean noPorts;
  private @Nullable String refusal;
  private double cpu;
  private double waited;
  private volatile double tickerWaited;
  private volatile boolean awaitsTick;
  private volatile boolean ticking;

  /** A request that is to be sent a second time. */
  private record Again(long number, long due) {}

  /**
   * Makes one.
   *
   * @param index of the loop; it has each request whose number divided by {@code loops} leaves this
   * @param loops how many there are
   */
  Loop(Plan plan, int index, int loops, Supplier<Exchange> exchanges) throws IOException {
    this.plan = plan;
    this.index = index;
    this.loops = loops;
    this.total = plan.isOpen() ? plan.total() : Long.MAX_VALUE;
    this.next = index;
    for (int i = index; i < plan.connections(); i += loops) {
      connections.add(new Connection(exchanges.get()));
    }
    selector = Selector.open();
  }

  /** Connects all, as far as that goes within two seconds. */
  void connect() throws IOException {
    long now = System.nanoTime();
    long limit = now + Math.min(plan.timeoutNanos(), 2000 * MILLISECOND);
    for (Connection each : connections) {
      connect(each, now);
    }
    while (connections.stream().anyMatch(each -> each.state == Connection.State.CONNECTING)
        && System.nanoTime() < limit) {
      selector.select(handler, 20);
    }
  }

  /**
   * Runs the plan to its end.
   *
   * @param from when the first request is due, {@link System#nanoTime}
   */
  void run(long from) throws IOException {
    start = from;
    end = from + plan.nanos();
    running = true;
    long cpuBefore = Cpu.ofThread();
    double waitedBefore = Cpu.waitOfThread();
    Thread ticker = null;
    if (plan.isOpen()) {
      ticking = true;
      ticker = Thread.ofPlatform().daemon().name("ticker-" + index).start(this::tick);
    }
    LockSupport.parkNanos(start - System.nanoTime());
    long swept = start;
    while (true) {
      long now = System.nanoTime();
      if (plan.isOpen()) {
        sendDue(now);
      } else {
        sendFree(now);
      }
      now = System.nanoTime();
      if (now - swept > SWEEP) {
        sweep(now);
        swept = now;
      }
      if (isOver(now)) {
        break;
      }
      await();
    }
    long now = System.nanoTime();
    long unsent = plan.isOpen() && next < total ? (total - next + loops - 1) / loops : 0;
    unsent += again.size();
    if (unsent > 0) {
      tally.missing(unsent, unsent(), now);
    }
    if (busy > 0) {
      tally.missing(busy, noReply(), now);
    }
    ticking = false;
    if (ticker != null) {
      LockSupport.unpark(ticker);
    }
    double time = Math.max(1, now - start);
    cpu = (Cpu.ofThread() - cpuBefore) / time;
    waited = (Cpu.waitOfThread() - waitedBefore + tickerWaited) / time;
    running = false;
  }

  /** What it counted. */
  Tally tally() {
    return tally;
  }

  /** The part of a processor that it had. */
  double cpu() {
    return cpu;
  }

  /** The part of the time in which this or its ticker was ready to run and had no processor. */
  double waited() {
    return waited;
  }

  /** Whether this machine ran out of ports for new connections. */
  boolean noPorts() {
    return noPorts;
  }

  @Override
  public void close() throws IOException {
    for (Connection each : connections) {
      drop(each);
    }
    selector.close();
  }

  private void tick() {
    long looked = 0;
    while (ticking) {
      long now = System.nanoTime();
      if (now - looked > SWEEP) { // What it waits before its first request isn't worth a thought.
        tickerWaited = Cpu.waitOfThread();
        looked = now;
      }
      // The first due time of this loop after now.
      long number = Math.max(0, (long) Math.ceil((now - start) * plan.rate() / 1e9));
      number += Math.floorMod(index - number, loops);
      LockSupport.parkNanos(Math.max(TICK, start + plan.due(number) - now));
      if (awaitsTick) {
        selector.wakeup();
      }
    }
  }

  private void await() throws IOException {
    if (plan.isOpen() && next < total && !free.isEmpty()) {
      awaitsTick = true;
      if (start + plan.due(next) <= System.nanoTime()) {
        selector.selectNow(handler);
      } else {
        selector.select(handler, 20);
      }
      awaitsTick = false;
    } else {
      selector.select(handler, 20);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("the run was interrupted");
    }
  }

  private boolean isOver(long now) {
    if (now < end) {
      return false;
    }
    if (now > end + plan.timeoutNanos()) {
      return true;
    }
    boolean allSent = again.isEmpty() && (!plan.isOpen() || next >= total);
    if (busy > 0) {
      return false;
    }
    // Nobody listens any more, and nothing is left to be waited for.
    return allSent
        || connections.stream()
            .allMatch(each -> each.state == Connection.State.DOWN && each.since > end);
  }

  private void sendDue(long from) {
    long now = from;
    while (!again.isEmpty() && !free.isEmpty()) {
      Again request = again.remove();
      Connection connection = free.remove();
      connection.again = true;
      send(connection, request.number(), request.due(), now);
    }
    while (next < total) {
      long due = start + plan.due(next);
      if (due > now) {
        return;
      }
      if (now - due > plan.timeoutNanos()) {
        tally.missing(1, unsent(), now);
        next += loops;
        continue;
      }
      Connection connection = free.poll();
      if (connection == null) {
        return;
      }
      tally.sent(now - Math.max(due, connection.since));
      connection.again = false;
      long number = next;
      next += loops;
      send(connection, number, due, now);
      now = System.nanoTime();
    }
  }

  private void sendFree(long from) {
    long now = from;
    // One that fails at once isn't tried again here: each is taken once at most.
    for (int left = free.size(); left > 0 && !free.isEmpty() && now < end; left--) {
      Again repeated = again.poll();
      Connection connection = free.remove();
      connection.again = repeated != null;
      if (repeated == null) {
        send(connection, next, now, now);
        next += loops;
      } else {
        send(connection, repeated.number(), repeated.due(), now);
      }
      now = System.nanoTime();
    }
  }

  private void send(Connection connection, long number, long due, long now) {
    connection.rested = now - connection.since;
    connection.state = Connection.State.BUSY;
    connection.since = now;
    connection.number = number;
    connection.due = due;
    connection.out = connection.exchange.begin(number);
    busy++;
    try {
      write(connection);
    } catch (IOException e) {
      lost(connection, closed(e), now);
    }
  }

  private void write(Connection connection) throws IOException {
    ByteBuffer out = connection.out;
    connection.channel.write(out);
    int interest =
        out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (connection.key.interestOps() != interest) {
      connection.key.interestOps(interest);
    }
  }

  private void handle(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    if (connection.key != key || !key.isValid()) {
      return;
    }
    try {
      if (connection.state == Connection.State.CONNECTING) {
        if (connection.channel.finishConnect()) {
          connected(connection, System.nanoTime());
        }
        return;
      }
      if (key.isWritable()) {
        write(connection);
      }
      if (key.isReadable()) {
        read(connection);
      }
    } catch (IOException e) {
      if (connection.state == Connection.State.CONNECTING) {
        refused(connection, e, System.nanoTime());
      } else {
        lost(connection, closed(e), System.nanoTime());
      }
    }
  }

  private void read(Connection connection) throws IOException {
    int length;
    do {
      in.clear();
      length = connection.channel.read(in);
      in.flip();
      if (length < 0) {
        closed(connection);
        return;
      }
      if (connection.state == Connection.State.FREE) {
        if (length > 0) {
          unasked(connection);
        }
        return;
      }
      if (length > 0) {
        Exchange.Reply reply = connection.exchange.receive(in);
        if (reply != Exchange.Reply.PARTIAL) {
          replied(connection, reply);
          return;
        }
      }
    } while (length == BUFFER);
  }

  private void closed(Connection connection) {
    if (connection.state == Connection.State.BUSY) {
      Exchange.Reply reply = connection.exchange.end();
      if (reply != Exchange.Reply.MISSING) {
        replied(connection, reply);
        return;
      }
    }
    lost(connection, "the app closed the connection before the reply was whole", System.nanoTime());
  }

  private void unasked(Connection connection) {
    long now = System.nanoTime();
    String wrong = connection.exchange.unasked(in);
    if (wrong != null && running) {
      tally.wrong(wrong, now);
    }
    lost(connection, "", now);
  }

  private void replied(Connection connection, Exchange.Reply reply) {
    long now = System.nanoTime();
    busy--;
    connection.used = true;
    if (reply == Exchange.Reply.CORRECT) {
      tally.correct(connection.due, now);
    } else {
      tally.wrong(connection.exchange.problem(), now);
    }
    if (connection.exchange.reusable() && !connection.out.hasRemaining()) {
      free(connection, now);
    } else {
      drop(connection);
      connect(connection, now);
    }
  }

  private void free(Connection connection, long now) {
    connection.state = Connection.State.FREE;
    connection.since = now;
    free.add(connection);
  }

  /** The connection broke, whatever it was at. */
  private void lost(Connection connection, String why, long now) {
    if (connection.state == Connection.State.BUSY) {
      busy--;
      // RFC 9112, section 9.3.1: the app may close an idle connection just when a request is on its
      // way. Only where it was idle for long: a close in the middle of traffic is a lost reply.
      if (connection.used
          && connection.rested > IDLE
          && !connection.again
          && !connection.exchange.begun()
          && connection.exchange.repeatable()) {
        again.add(new Again(connection.number, connection.due));
      } else {
        tally.missing(1, why, now);
      }
    } else if (connection.state == Connection.State.FREE) {
      free.remove(connection);
    }
    drop(connection);
    connection.since = now;
    if (connection.used) {
      connect(connection, now);
    } // else the app closes what it accepts; the next sweep tries again, not at once
  }

  private void connect(Connection connection, long now) {
    if (running && now >= end && again.isEmpty() && (!plan.isOpen() || next >= total)) {
      return; // nothing is left to be sent
    }
    try {
      SocketChannel channel = SocketChannel.open();
      connection.channel = channel;
      connection.state = Connection.State.CONNECTING;
      connection.since = now;
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      boolean done = channel.connect(plan.address());
      connection.key =
          channel.register(
              selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, connection);
      if (done) {
        connected(connection, now);
      }
    } catch (IOException e) {
      refused(connection, e, now);
    }
  }

  private void connected(Connection connection, long now) {
    connection.key.interestOps(SelectionKey.OP_READ);
    connection.used = false;
    free(connection, now);
  }

  private void refused(Connection connection, IOException e, long now) {
    noPorts |= e instanceof BindException || String.valueOf(e.getMessage()).contains("assign");
    drop(connection);
    connection.since = now;
    refusal = e.getMessage();
    if (running && !plan.isOpen()) {
      // An open loop's requests wait in the grid, a closed loop's request is the attempt itself.
      tally.missing(1, "no connection: " + e.getMessage(), now);
    }
  }

  private void drop(Connection connection) {
    SocketChannel channel = connection.channel;
    connection.channel = null;
    connection.key = null;
    connection.state = Connection.State.DOWN;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }

  private void sweep(long now) {
    for (Connection each : connections) {
      switch (each.state) {
        case BUSY -> {
          if (now - each.since > plan.timeoutNanos()) {
            lost(each, noReply(), now);
          }
        }
        case CONNECTING -> {
          if (now - each.since > plan.timeoutNanos()) {
            refused(each, new IOException("not within " + timeout()), now);
          }
        }
        case DOWN -> {
          if (now - each.since > PAUSE) {
            connect(each, now);
          }
        }
        case FREE -> {}
      }
    }
  }

  private String timeout() {
    return TimeUnit.NANOSECONDS.toMillis(plan.timeoutNanos()) + " ms";
  }

  private String noReply() {
    return "no reply within " + timeout();
  }

  private String unsent() {
    return "it wasn't sent within "
        + timeout()
        + (refusal == null
            ? ", since no connection was free"
            : ", and connections failed: " + refusal);
  }

  private static String closed(IOException e) {
    return "the connection broke before the reply was whole: " + e.getMessage();
  }
}

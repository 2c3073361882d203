package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.passed;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What went wrong for those who ran threads as coroutines before us: more threads than cores inside
 * native calls, permits left behind, parks that race their wake-ups, pools that gather on one core.
 */
final class CrowdCases {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private CrowdCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(CrowdCases.class, args);
  }

  @Case
  static Object aFirstSleepLasts() throws InterruptedException {
    // Runs first: start-up may have left a permit behind.
    long start = System.nanoTime();
    Thread.sleep(100);
    return passed(start, 100);
  }

  @Case
  static Object bFirstParkLasts() throws InterruptedException {
    long start = System.nanoTime();
    LockSupport.parkNanos(50_000_000);
    return passed(start, 50);
  }

  @Case
  static Object bFirstSleepsOfThreadsLast() throws InterruptedException {
    AtomicInteger early = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      threads.add(
          go(
              () -> {
                long start = System.nanoTime();
                Thread.sleep(20);
                if (!passed(start, 20)) {
                  early.incrementAndGet();
                }
                start = System.nanoTime();
                LockSupport.parkNanos(20_000_000);
                if (!passed(start, 20)) {
                  early.incrementAndGet();
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + early;
  }

  private static final class EchoHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush((ByteBuf) message);
    }
  }

  @Case
  static Object nettyEpollLoops() throws Exception {
    // Event loops that live inside JNI, four per core, beside ordinary threads.
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(4 * CORES, EpollIoHandler.newFactory());
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong turns = new AtomicLong();
    Thread beside =
        go(
            () -> {
              while (!stop.get()) {
                Thread.sleep(1);
                turns.incrementAndGet();
              }
            });
    try {
      Channel listener =
          new ServerBootstrap()
              .group(loops)
              .channel(EpollServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel.pipeline().addLast(new EchoHandler());
                    }
                  })
              .bind(SocketHelp.loopback(), 0)
              .sync()
              .channel();
      int port = ((InetSocketAddress) listener.localAddress()).getPort();
      AtomicInteger answers = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 8 * CORES; i++) {
        clients.add(
            go(
                () -> {
                  try (Socket socket = new Socket(SocketHelp.loopback(), port)) {
                    for (int n = 0; n < 100; n++) {
                      socket.getOutputStream().write(n);
                      if (socket.getInputStream().read() == n) {
                        answers.incrementAndGet();
                      }
                    }
                  }
                }));
      }
      String end = ended(clients.toArray(new Thread[0]));
      listener.close().sync();
      return end + " " + (answers.get() == 800 * CORES);
    } finally {
      stop.set(true);
      ended(beside);
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
      Cases.say("besideEventLoops", turns.get() > 0);
    }
  }

  @Case
  static Object nativeReadsOfPipes() throws Exception {
    // FileInputStream on a FIFO that stays silent: threads that live in the kernel.
    Path folder = Files.createTempDirectory("husk-it");
    List<Thread> threads = new ArrayList<>();
    List<Process> writers = new ArrayList<>();
    for (int i = 0; i < 8 + 4 * CORES; i++) {
      Path fifo = folder.resolve("fifo-" + i);
      new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
      writers.add(new ProcessBuilder("sh", "-c", "exec sleep 60 > " + fifo).start());
      threads.add(
          go(
              () -> {
                try (InputStream in = new FileInputStream(fifo.toFile())) {
                  in.read();
                }
              }));
    }
    Help.pause(50);
    long start = System.nanoTime();
    AtomicInteger done = new AtomicInteger();
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(
          go(
              () -> {
                Thread.sleep(5);
                done.incrementAndGet();
              }));
    }
    String end = ended(others.toArray(new Thread[0]));
    boolean soon = System.nanoTime() - start < 5_000_000_000L;
    writers.forEach(Process::destroyForcibly);
    String ends = ended(threads.toArray(new Thread[0]));
    for (int i = 0; i < 8 + 4 * CORES; i++) {
      Files.delete(folder.resolve("fifo-" + i));
    }
    Files.delete(folder);
    return end + " " + done + " " + soon + " " + ends;
  }

  @Case
  static Object longReadsFromTheKernel() throws Exception {
    // System calls that take long without sleeping.
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          go(
              () -> {
                byte[] buffer = new byte[8 << 20];
                try (InputStream in = new FileInputStream("/dev/zero")) {
                  while (!stop.get()) {
                    in.read(buffer);
                  }
                }
              }));
    }
    AtomicInteger ticks = new AtomicInteger();
    Thread ticking =
        go(
            () -> {
              for (int i = 0; i < 20; i++) {
                Thread.sleep(1);
                ticks.incrementAndGet();
              }
            });
    String end = ended(ticking);
    stop.set(true);
    return end + " " + ticks + " " + ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object sleeperBesideHogs() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> hogs = new ArrayList<>();
    for (int i = 0; i < 4 * CORES; i++) {
      hogs.add(
          go(
              () -> {
                long n = 0;
                while (!stop.get()) {
                  n += n % 7 + 1;
                }
              }));
    }
    Thread sleeper =
        go(
            () -> {
              for (int i = 0; i < 50; i++) {
                Thread.sleep(1);
              }
            });
    String end = ended(sleeper);
    stop.set(true);
    return end + " " + ended(hogs.toArray(new Thread[0]));
  }

  @Case
  static Object timedParkRacesUnparkInScheduledPool() throws Exception {
    // The worker parks with a deadline while tasks that are due sooner arrive.
    ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(3);
    AtomicInteger runs = new AtomicInteger();
    int tasks = 20_000;
    CountDownLatch all = new CountDownLatch(tasks);
    List<Thread> submitters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int own = i;
      submitters.add(
          go(
              () -> {
                for (int n = 0; n < tasks / 4; n++) {
                  pool.schedule(
                      () -> {
                        runs.incrementAndGet();
                        all.countDown();
                      },
                      (n * 37 + own * 11) % 1_500,
                      TimeUnit.MICROSECONDS);
                  if (n % 64 == 0) {
                    LockSupport.parkNanos(200_000);
                  }
                }
              }));
    }
    String end = ended(submitters.toArray(new Thread[0]));
    boolean through = opened(all);
    pool.shutdown();
    return end + " " + through + " " + runs + " " + pool.awaitTermination(10, TimeUnit.SECONDS);
  }

  @Case
  static Object timedAwaitRacesSignal() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    int[] items = new int[1];
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger taken = new AtomicInteger();
    List<Thread> takers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      takers.add(
          go(
              () -> {
                while (!stop.get()) {
                  lock.lock();
                  try {
                    if (items[0] == 0) {
                      condition.awaitNanos(50_000);
                    }
                    if (items[0] > 0) {
                      items[0]--;
                      taken.incrementAndGet();
                    }
                  } finally {
                    lock.unlock();
                  }
                }
              }));
    }
    Thread putter =
        go(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                lock.lock();
                items[0]++;
                condition.signal();
                lock.unlock();
                if (i % 50 == 0) {
                  LockSupport.parkNanos(50_000);
                }
              }
            });
    String end = ended(putter);
    boolean all = Help.until(() -> taken.get() == 10_000);
    stop.set(true);
    return end + " " + all + " " + ended(takers.toArray(new Thread[0]));
  }

  @Case
  static Object poolDoesNotStarve() throws Exception {
    // Workers woken by one thread gather on its core: the work must still spread and finish.
    try (ExecutorService pool = Executors.newFixedThreadPool(16)) {
      for (int round = 0; round < 20; round++) {
        CountDownLatch all = new CountDownLatch(64);
        for (int i = 0; i < 64; i++) {
          pool.execute(
              () -> {
                Help.spin(1);
                all.countDown();
              });
        }
        if (!opened(all)) {
          return "starved in round " + round;
        }
      }
    }
    return "done";
  }

  @Case
  static Object poolWithAllWorkersInMonitors() throws Exception {
    Object[] locks = new Object[8];
    for (int i = 0; i < locks.length; i++) {
      locks[i] = new Object();
    }
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 400; i++) {
        Object lock = locks[i % locks.length];
        pool.execute(
            Help.quietly(
                () -> {
                  synchronized (lock) {
                    Thread.sleep(1);
                    done.incrementAndGet();
                  }
                }));
      }
    }
    return done;
  }

  @Case
  static Object timerWaitsForItsMonitor() throws Exception {
    // java.util.Timer waits on its queue's monitor while others schedule into it.
    Timer timer = new Timer(true);
    int tasks = 2_000;
    CountDownLatch all = new CountDownLatch(tasks);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < tasks / 4; n++) {
                  timer.schedule(
                      new TimerTask() {
                        @Override
                        public void run() {
                          all.countDown();
                        }
                      },
                      n % 20);
                }
              }));
    }
    String end = ended(threads.toArray(new Thread[0]));
    boolean through = opened(all);
    timer.cancel();
    return end + " " + through;
  }

  @Case
  static Object timersWhileAllCoresWait() throws Exception {
    List<Timer> timers = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(20 * 10);
    for (int i = 0; i < 20; i++) {
      Timer timer = new Timer(true);
      timers.add(timer);
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              all.countDown();
            }
          },
          5,
          5);
    }
    boolean through = opened(all);
    timers.forEach(Timer::cancel);
    return through;
  }

  @Case
  static Object deadThreadsWokenAgain() throws Exception {
    // Wake-ups of threads that are gone must cost nothing and hurt nobody.
    List<Thread> dead = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Thread thread = go(() -> {});
      thread.join();
      dead.add(thread);
    }
    for (int n = 0; n < 100; n++) {
      for (Thread thread : dead) {
        LockSupport.unpark(thread);
        thread.interrupt();
      }
    }
    // Then nothing is left to do: the process must not burn time.
    long before = cpuMillis();
    Help.pause(500);
    return (cpuMillis() - before < 250) + " " + dead.getFirst().getState();
  }

  private static long cpuMillis() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
  }

  @Case
  static Object idleProcessIsIdle() throws Exception {
    List<Thread> threads = new ArrayList<>();
    CountDownLatch gate = new CountDownLatch(1);
    for (int i = 0; i < 200; i++) {
      threads.add(go(gate::await));
    }
    Help.pause(300);
    long before = cpuMillis();
    Help.pause(1_000);
    long used = cpuMillis() - before;
    gate.countDown();
    return (used < 200) + " " + ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object descriptorsAreReused() throws Exception {
    // A number that is closed and opened again must not meet the old one's registration.
    int rounds = Integer.getInteger("husk.it.descriptors", 20_000);
    AtomicInteger good = new AtomicInteger();
    try (ServerSocket listener = SocketHelp.listener()) {
      LinkedBlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
      go(
          () -> {
            while (true) {
              Socket socket;
              try {
                socket = listener.accept();
              } catch (java.io.IOException e) {
                return;
              }
              accepted.add(socket);
            }
          });
      Thread server =
          go(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  try (Socket socket = accepted.take()) {
                    if (i % 4 == 0) {
                      // Let the client block in its read before the answer comes.
                      Thread.yield();
                    }
                    socket.getOutputStream().write(i);
                    if (i % 2 == 0) {
                      socket.getInputStream().read();
                    }
                  }
                }
              });
      Thread client =
          go(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  try (Socket socket = new Socket(SocketHelp.loopback(), listener.getLocalPort())) {
                    // Who closes first keeps the port for a minute, unless it resets.
                    socket.setSoLinger(true, 0);
                    if (socket.getInputStream().read() == (i & 0xff)) {
                      good.incrementAndGet();
                    }
                    if (i % 2 == 0) {
                      socket.getOutputStream().write(1);
                    }
                  }
                }
              });
      server.join(60_000);
      client.join(60_000);
      return server.isAlive() + " " + client.isAlive() + " " + (good.get() == rounds);
    }
  }

  @Case
  static Object descriptorsAreReusedByManyKinds() throws Exception {
    AtomicInteger good = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 300; n++) {
                  switch (n % 4) {
                    case 0 -> {
                      try (SocketHelp.Pair pair = SocketHelp.pair()) {
                        Thread writer = go(() -> pair.server().getOutputStream().write(7));
                        good.addAndGet(pair.client().getInputStream().read() == 7 ? 1 : 0);
                        writer.join();
                      }
                    }
                    case 1 -> {
                      try (SocketHelp.ChannelPair pair = SocketHelp.channelPair()) {
                        pair.client().socket().setSoTimeout(1);
                        Help.thrown(() -> pair.client().socket().getInputStream().read());
                        good.incrementAndGet();
                      }
                    }
                    case 2 -> {
                      java.nio.channels.Pipe pipe = java.nio.channels.Pipe.open();
                      Thread writer = go(() -> pipe.sink().write(SocketHelp.bytes(1)));
                      good.addAndGet(pipe.source().read(java.nio.ByteBuffer.allocate(1)));
                      writer.join();
                      pipe.sink().close();
                      pipe.source().close();
                    }
                    default -> {
                      Path file = Files.createTempFile("husk-it", "");
                      Files.write(file, new byte[10]);
                      good.addAndGet(Files.readAllBytes(file).length == 10 ? 1 : 0);
                      Files.delete(file);
                    }
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join(30_000);
    }
    return ended(threads.toArray(new Thread[0])) + " " + good;
  }
}

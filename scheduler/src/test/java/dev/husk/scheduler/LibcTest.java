package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import jdk.internal.access.SharedSecrets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sun.nio.ch.SelChImpl;

/** The C functions that are linked in the background are there, and do what they are for. */
class LibcTest {
  @BeforeAll
  static void setUp() {
    if (Scheduler.cores.length == 0) {
      Scheduler.configure(2, 10_000_000, 4, 0);
    }
  }

  private static void becomes(BooleanSupplier condition, String what) throws InterruptedException {
    for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(5);
    }
    assertTrue(condition.getAsBoolean(), what);
  }

  @Test
  void waitsAreExactAfterSomeTimedOnes() throws Exception {
    becomes(PreciseWait::isReady, "epoll_pwait2 is linked");
    EpollSet set = new Core(0, 10_000_000).epoll;
    set.open();
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      set.await(200_000);
      long waited = System.nanoTime() - start;
      assertTrue(waited >= 200_000, () -> "waited " + waited);
      shortest = Math.min(shortest, waited);
    }
    long best = shortest;
    // epoll_wait would round each of them up to a millisecond.
    assertTrue(best < 1_000_000, () -> "the shortest of 20 waits took " + best);
  }

  @Test
  void processorsAreKnownAfterSomeWaits() throws Exception {
    becomes(Processors::isReady, "sched_getcpu is linked");
    int processors = configured();
    int cpu = Processors.current();
    assertTrue(cpu >= 0 && cpu < processors, () -> "processor " + cpu);
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
          SocketChannel server = listener.accept()) {
        client.write(ByteBuffer.allocate(100));
        server.read(ByteBuffer.allocate(100));
        int packets = Processors.ofPackets(((SelChImpl) server).getFDVal());
        assertTrue(packets >= 0 && packets < processors, () -> "packets at " + packets);
      }
    }
    try (FileInputStream file = new FileInputStream("/dev/null")) {
      int fd = SharedSecrets.getJavaIOFileDescriptorAccess().get(file.getFD());
      assertEquals(-1, Processors.ofPackets(fd));
    }
  }

  /** Not those that this process may use: the kernel numbers them all. */
  private static int configured() throws Exception {
    String present = Files.readString(Path.of("/sys/devices/system/cpu/possible"));
    return Integer.parseInt(present.trim().replaceAll(".*[-,]", "")) + 1;
  }
}

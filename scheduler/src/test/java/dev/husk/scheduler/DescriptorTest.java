package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The state machine of a descriptor: edges, waits, reads that are skipped. The waiters are virtual
 * threads on the JDK's scheduler; edges come from the test instead of an epoll set.
 */
@Timeout(60)
class DescriptorTest {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long CORE = U.objectFieldOffset(Descriptor.class, "core");
  private static final long READER = U.objectFieldOffset(Descriptor.class, "reader");
  private static final long MINUTE = 60_000_000_000L;

  private final Descriptor descriptor = new Descriptor(1 << 20);
  private final Core core = new Core(0, 10_000_000);

  @BeforeEach
  void register() {
    U.putReferenceVolatile(descriptor, CORE, core);
  }

  private Thread waiter(boolean write, long nanos) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                descriptor.await(write, nanos, null, false);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static void untilParked(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(thread.isAlive(), "it didn't wait");
      Thread.sleep(1);
    }
  }

  private static final class Reader {
    final Handover handover = new Handover();
    final byte[] bytes = new byte[8];
    final Thread thread;
    volatile int count = -1;

    Reader(Descriptor descriptor, long nanos) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    handover.offer(bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET, bytes.length);
                    try {
                      descriptor.await(false, nanos, null, false, handover);
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                    count = handover.end();
                  });
    }
  }

  @Test
  void aReaderThatIsTakenGetsItsBytes() throws InterruptedException {
    Reader reader = new Reader(descriptor, 0);
    untilParked(reader.thread);
    Handover taken = descriptor.takeReader();
    assertEquals(8, taken.length());
    U.putByte(taken.base(), taken.offset(), (byte) 42);
    taken.finish(1);
    reader.thread.join();
    assertEquals(1, reader.count);
    assertEquals(42, reader.bytes[0]);
    assertNull(descriptor.takeReader());
  }

  @Test
  void aReaderThatIsTakenDoesNotGoOnBeforeTheCopyIsDone() throws InterruptedException {
    Reader reader = new Reader(descriptor, 1_000_000);
    Handover taken = descriptor.takeReader();
    while (taken == null && reader.thread.isAlive()) {
      taken = descriptor.takeReader();
    }
    if (taken == null) {
      // A slow machine: its time was over first.
      reader.thread.join();
      assertEquals(0, reader.count);
      return;
    }
    assertFalse(reader.thread.join(Duration.ofMillis(20)));
    taken.finish(3);
    reader.thread.join();
    assertEquals(3, reader.count);
  }

  @Test
  void anOfferEndsWithTheWait() throws InterruptedException {
    Reader late = new Reader(descriptor, 1_000_000);
    late.thread.join();
    assertEquals(0, late.count);
    assertNull(descriptor.takeReader());

    Reader stopped = new Reader(descriptor, 0);
    untilParked(stopped.thread);
    assertTrue(descriptor.stop(false));
    stopped.thread.join();
    assertEquals(0, stopped.count);
  }

  @Test
  void anEdgeEndsAWait() throws InterruptedException {
    Thread waiter = waiter(false, 0);
    untilParked(waiter);
    descriptor.edge(EpollSet.IN);
    waiter.join();
  }

  @Test
  void anEdgeThatCameBeforeIsUsedOnce() throws InterruptedException {
    descriptor.edge(EpollSet.IN);
    descriptor.edge(EpollSet.IN);
    waiter(false, 0).join();
    Thread second = waiter(false, 0);
    untilParked(second);
    descriptor.edge(EpollSet.IN);
    second.join();
  }

  @Test
  void readersAndWritersWaitForTheirOwnEdges() throws InterruptedException {
    Thread reader = waiter(false, 0);
    Thread writer = waiter(true, 0);
    untilParked(reader);
    untilParked(writer);
    descriptor.edge(EpollSet.OUT);
    writer.join();
    assertTrue(reader.isAlive());
    descriptor.edge(EpollSet.IN);
    reader.join();
  }

  @Test
  void anErrorEndsBoth() throws InterruptedException {
    Thread reader = waiter(false, 0);
    Thread writer = waiter(true, 0);
    untilParked(reader);
    untilParked(writer);
    descriptor.edge(EpollSet.ERR);
    reader.join();
    writer.join();
  }

  /** The peer's end of sending concerns reads alone. */
  @Test
  void theEndOfTheStreamWakesTheReader() throws InterruptedException {
    Thread reader = waiter(false, 0);
    Thread writer = waiter(true, 0);
    untilParked(reader);
    untilParked(writer);
    descriptor.edge(EpollSet.RDHUP);
    reader.join();
    assertTrue(writer.isAlive());
    descriptor.stop(true);
    writer.join();
  }

  @Test
  void aTimeoutLeavesNobodyInTheWord() throws InterruptedException {
    waiter(false, 1_000_000).join();
    assertEquals(null, U.getReferenceVolatile(descriptor, READER));
    descriptor.edge(EpollSet.IN);
    long start = System.nanoTime();
    waiter(false, MINUTE).join();
    assertTrue(System.nanoTime() - start < MINUTE / 2, "the edge was lost");
  }

  @Test
  void anInterruptLeavesNobodyInTheWord() throws InterruptedException {
    Thread waiter = waiter(false, 0);
    untilParked(waiter);
    waiter.interrupt();
    waiter.join();
    assertEquals(null, U.getReferenceVolatile(descriptor, READER));
  }

  @Test
  void aCloseUnparksWithoutAnEdge() throws InterruptedException {
    Thread waiter = waiter(false, 0);
    untilParked(waiter);
    descriptor.stop(true);
    assertTrue(waiter.isAlive());
    descriptor.stop(false);
    waiter.join();
    descriptor.stop(false);
    assertEquals(null, U.getReferenceVolatile(descriptor, READER));
  }

  /** Closed after the check that the JDK makes, but before the thread is entered. */
  @Test
  void aClosedChannelIsNotWaitedFor() throws InterruptedException {
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    descriptor.await(false, 0, () -> false, false);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    waiter.join();
    assertEquals(null, U.getReferenceVolatile(descriptor, READER));
  }

  @Test
  void aReadIsSkippedOnlyWhenItWouldFindNothing() {
    assertFalse(descriptor.readWouldBlock(), "nothing is known yet");
    descriptor.readDone(false);
    assertFalse(descriptor.readWouldBlock(), "the last one left something behind");
    descriptor.readDone(true);
    assertTrue(descriptor.readWouldBlock());
    assertTrue(descriptor.readWouldBlock());
    descriptor.edge(EpollSet.OUT);
    assertTrue(descriptor.readWouldBlock(), "an edge for writers says nothing about reads");
    descriptor.edge(EpollSet.IN);
    assertFalse(descriptor.readWouldBlock());
    descriptor.readDone(true);
    assertTrue(descriptor.readWouldBlock(), "the edge is used up");
  }

  @Test
  void aReadAfterAWaitIsMade() throws InterruptedException {
    descriptor.readDone(true);
    Thread waiter = waiter(false, 0);
    untilParked(waiter);
    descriptor.edge(EpollSet.IN);
    waiter.join();
    assertFalse(descriptor.readWouldBlock());
  }

  @Test
  void readsAreMadeWhereEdgesDontTell() {
    descriptor.readDone(true);
    descriptor.setBlocking(false);
    assertFalse(descriptor.readWouldBlock(), "the app polls the channel itself");
    descriptor.setBlocking(true);
    assertTrue(descriptor.readWouldBlock());
    U.putReferenceVolatile(descriptor, CORE, null);
    assertFalse(descriptor.readWouldBlock(), "it is in no epoll set");
    U.putReferenceVolatile(descriptor, CORE, core);
    descriptor.edge(EpollSet.RDHUP);
    assertFalse(descriptor.readWouldBlock());
    descriptor.readDone(true);
    assertFalse(descriptor.readWouldBlock(), "the end of the stream stays readable");
  }

  /**
   * Edges and waits at random distances: each wait ends, by an edge that came after the last one.
   */
  @Test
  void noEdgeIsLost() throws InterruptedException {
    int rounds = Boolean.getBoolean("husk.long") ? 1_000_000 : 20_000;
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger received = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (received.get() < rounds) {
                      if (sent.get() == received.get()) {
                        descriptor.await(false, 0, null, false);
                      } else {
                        received.incrementAndGet();
                      }
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                  done.countDown();
                });
    for (int i = 1; i <= rounds; i++) {
      for (int pause = i % 64 * 8; pause > 0; pause--) {
        Thread.onSpinWait();
      }
      sent.set(i);
      descriptor.edge(EpollSet.IN);
      while (received.get() < i) {
        Thread.yield();
      }
    }
    done.await();
    reader.join();
  }
}

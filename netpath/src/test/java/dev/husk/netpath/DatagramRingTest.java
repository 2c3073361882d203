package dev.husk.netpath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ring of a datagram socket: whole datagrams, in order, from where they came. */
@Timeout(120)
class DatagramRingTest {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final int LIMIT = 200_000;

  private final long memory = U.allocateMemory(1 << 17);

  @AfterEach
  void free() {
    U.freeMemory(memory);
  }

  private static boolean send(DatagramRing ring, long memory, int length, int tag) {
    U.setMemory(memory, length, (byte) tag);
    int at = ring.claim(length);
    if (at >= 0) {
      ring.put(at, 0, memory, length);
      ring.publish(at, length, tag * 3L, tag * 5L, tag & 0xffff);
    }
    return at >= 0;
  }

  /** The tag of a datagram whose parts are all right. */
  private static int receive(DatagramRing ring, long memory, int expectedLength) {
    int at = ring.first();
    if (at < 0) {
      return -1;
    }
    int length = ring.length(at);
    long low = ring.low(at);
    int tag = (int) (low / 5);
    assertEquals(tag * 3L, ring.high(at));
    assertEquals(tag & 0xffff, ring.port(at));
    if (expectedLength >= 0) {
      assertEquals(expectedLength, length);
    }
    ring.get(at, 0, memory, length);
    for (int i = 0; i < length; i++) {
      if (U.getByte(memory + i) != (byte) tag) {
        throw new AssertionError("wrong byte " + i + " of " + tag);
      }
    }
    ring.remove(at);
    return tag;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void keepsBoundariesAndOrder(long seed) {
    Random random = new Random(seed);
    DatagramRing ring = new DatagramRing(LIMIT);
    ArrayDeque<int[]> model = new ArrayDeque<>();
    int largest = 1 << (4 + random.nextInt(13));
    long under = 0;
    for (int i = 1; i < 50_000; i++) {
      if (random.nextInt(100) < 52) {
        int length = random.nextInt(Math.min(largest, DatagramRing.LARGEST) + 1);
        boolean sent = send(ring, memory, length, i);
        if (sent) {
          model.add(new int[] {i, length});
          under += length;
        } else {
          assertTrue(under + 32L * model.size() * 2 + 70_000 > LIMIT, "dropped early at " + under);
        }
      } else {
        int[] expected = model.poll();
        assertEquals(expected == null, ring.isEmpty() || ring.first() < 0);
        assertEquals(
            expected == null ? -1 : expected[0],
            receive(ring, memory, expected == null ? -1 : expected[1]));
        under -= expected == null ? 0 : expected[1];
      }
    }
  }

  @Test
  void takesADatagramOfAnySizeWhenEmpty() {
    DatagramRing ring = new DatagramRing(1);
    for (int i = 1; i < 100; i++) {
      assertTrue(send(ring, memory, DatagramRing.LARGEST, i));
      assertEquals(i, receive(ring, memory, DatagramRing.LARGEST));
      assertTrue(send(ring, memory, i, i));
      assertEquals(i, receive(ring, memory, i));
    }
  }

  @Test
  void manySendersLoseNothingButWhatIsDropped() throws InterruptedException {
    DatagramRing ring = new DatagramRing(LIMIT);
    int senders = 3;
    int each = 30_000;
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    for (int s = 0; s < senders; s++) {
      int first = 1 + s * each;
      new Thread(
              () -> {
                long own = U.allocateMemory(2_000);
                Random random = new Random(first);
                for (int i = 0; i < each; i++) {
                  if (send(ring, own, random.nextInt(2_000), first + i)) {
                    sent.getAndIncrement();
                  } else {
                    Thread.yield();
                  }
                }
                U.freeMemory(own);
                done.getAndIncrement();
              })
          .start();
    }
    int received = 0;
    int[] last = new int[senders];
    while (true) {
      boolean over = done.get() == senders;
      int tag = receive(ring, memory, -1);
      if (tag < 0) {
        if (over) {
          break;
        }
        Thread.yield();
        continue;
      }
      received++;
      int sender = (tag - 1) / each;
      assertTrue(tag > last[sender], "out of order");
      last[sender] = tag;
    }
    assertEquals(sent.get(), received);
  }
}

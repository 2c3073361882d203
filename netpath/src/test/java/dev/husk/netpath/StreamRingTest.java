package dev.husk.netpath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ring of one direction: what is written is read, in order, within the limit. */
@Timeout(120)
class StreamRingTest {
  private static final long BASE = Unsafe.ARRAY_BYTE_BASE_OFFSET;
  private static final int LIMIT = 1 << 20;

  /** The byte at a position of the stream. */
  private static byte byteAt(long position) {
    return (byte) (position * 31 + (position >>> 8) * 7 + (position >>> 16));
  }

  private static final class Writer {
    final StreamRing ring;
    final byte[] buffer = new byte[2 * LIMIT];
    long position;

    Writer(StreamRing ring) {
      this.ring = ring;
    }

    int write(int length) {
      for (int i = 0; i < length; i++) {
        buffer[i] = byteAt(position + i);
      }
      int n = ring.write(buffer, BASE, length);
      position += n;
      return n;
    }
  }

  private static final class Reader {
    final StreamRing ring;
    final byte[] buffer = new byte[2 * LIMIT];
    long position;

    Reader(StreamRing ring) {
      this.ring = ring;
    }

    int read(int length) {
      int n = ring.read(buffer, BASE, length, false);
      for (int i = 0; i < n; i++) {
        if (buffer[i] != byteAt(position + i)) {
          throw new AssertionError("wrong byte at " + (position + i));
        }
      }
      position += n;
      return n;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keepsOrderUnderRandomUse(long seed) {
    Random random = new Random(seed);
    StreamRing ring = new StreamRing(LIMIT);
    Writer writer = new Writer(ring);
    Reader reader = new Reader(ring);
    int largest = 1 << (4 + random.nextInt(17));
    for (int i = 0; i < 20_000 && writer.position < 200_000_000; i++) {
      long unread = writer.position - reader.position;
      assertEquals(unread, ring.unread());
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          int length = 1 + random.nextInt(largest);
          assertEquals(Math.min(length, LIMIT - unread), writer.write(length));
        }
        case 2 -> {
          int length = 1 + random.nextInt(2 * largest);
          assertEquals(Math.min(length, unread), reader.read(length));
        }
        default -> {
          if (random.nextInt(8) == 0) {
            reader.read(Integer.MAX_VALUE >> 10);
          }
          ring.relax();
        }
      }
    }
    while (reader.read(reader.buffer.length) > 0) {
      // until it is empty
    }
    assertEquals(writer.position, reader.position);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 5_000, 70_000})
  void carriesBytesBetweenThreads(int largest) throws InterruptedException {
    StreamRing ring = new StreamRing(LIMIT);
    long total = Math.min(100_000_000L, largest * 200_000L);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread writing =
        new Thread(
            () -> {
              Writer writer = new Writer(ring);
              Random random = new Random(1);
              while (writer.position < total && failed.get() == null) {
                long left = total - writer.position;
                if (writer.write((int) Math.min(left, 1 + random.nextInt(largest))) == 0) {
                  Thread.yield();
                }
              }
              ring.finish();
            });
    Thread reading =
        new Thread(
            () -> {
              Reader reader = new Reader(ring);
              Random random = new Random(2);
              while (reader.position < total) {
                if (reader.read(1 + random.nextInt(2 * largest)) == 0) {
                  ring.relax();
                  Thread.yield();
                }
              }
              assertTrue(reader.read(1) == 0);
            });
    for (Thread thread : new Thread[] {writing, reading}) {
      thread.setUncaughtExceptionHandler((t, e) -> failed.set(e));
      thread.start();
    }
    reading.join();
    writing.join();
    assertEquals(null, failed.get());
    assertTrue(ring.isFinished());
    assertEquals(0, ring.unread());
  }

  @Test
  void stopsAtTheLimit() {
    StreamRing ring = new StreamRing(10_000);
    Writer writer = new Writer(ring);
    Reader reader = new Reader(ring);
    assertTrue(ring.isWritable());
    assertEquals(10_000, writer.write(20_000));
    assertEquals(0, writer.write(1));
    assertFalse(ring.isWritable());
    assertEquals(4_999, reader.read(4_999));
    assertFalse(ring.isWritable());
    assertEquals(1, reader.read(1));
    assertTrue(ring.isWritable());
    assertEquals(5_000, writer.write(20_000));
    ring.setLimit(12_000);
    assertEquals(2_000, writer.write(20_000));
    ring.setLimit(100);
    assertEquals(0, writer.write(1));
    assertEquals(12_000, reader.read(20_000));
    assertEquals(100, writer.write(20_000));
  }

  @Test
  void leavesAnUrgentByteOutUnlessItIsInline() {
    for (boolean inline : new boolean[] {false, true}) {
      StreamRing ring = new StreamRing(LIMIT);
      byte[] text = {'a', 'b', '!', 'c', 'd'};
      ring.write(text, BASE, 2);
      ring.markUrgent();
      ring.write(text, BASE + 2, 1);
      ring.write(text, BASE + 3, 2);
      byte[] read = new byte[8];
      StringBuilder all = new StringBuilder();
      int n;
      while ((n = ring.read(read, BASE, 8, inline)) > 0) {
        all.append(new String(read, 0, n, StandardCharsets.US_ASCII)).append(',');
      }
      assertEquals(inline ? "ab!cd," : "ab,cd,", all.toString());
    }
  }

  @Test
  void anUrgentByteAloneIsNothingToRead() {
    StreamRing ring = new StreamRing(LIMIT);
    ring.markUrgent();
    ring.write(new byte[] {1}, BASE, 1);
    assertFalse(ring.isReadable(false));
    assertEquals(0, ring.available(false));
    assertEquals(0, ring.read(new byte[8], BASE, 8, false));
    assertTrue(ring.isReadable(true));
    assertEquals(1, ring.available(true));
    ring.write(new byte[] {2}, BASE, 1);
    byte[] read = new byte[8];
    assertEquals(1, ring.read(read, BASE, 8, false));
    assertEquals(2, read[0]);
    assertEquals(0, ring.unread());
  }

  @Test
  void anUrgentByteThatLosesTheMarkIsLeftOutWhereItIsNext() {
    StreamRing ring = new StreamRing(LIMIT);
    for (int i = 1; i <= 3; i++) {
      ring.markUrgent();
      ring.write(new byte[] {(byte) i}, BASE, 1);
    }
    ring.write(new byte[] {4, 5}, BASE, 2);
    ring.markUrgent();
    ring.write(new byte[] {6, 7}, BASE, 2);
    byte[] read = new byte[8];
    assertEquals(2, ring.available(false));
    assertEquals(2, ring.read(read, BASE, 8, false));
    assertEquals(4, read[0]);
    assertEquals(1, ring.read(read, BASE, 8, false));
    assertEquals(7, read[0]);
  }

  @Test
  void givesLargeChunksBack() {
    StreamRing ring = new StreamRing(4 * LIMIT);
    Writer writer = new Writer(ring);
    Reader reader = new Reader(ring);
    for (int i = 0; i < 1000; i++) {
      assertEquals(2 * LIMIT, writer.write(2 * LIMIT));
      assertEquals(2 * LIMIT, reader.read(2 * LIMIT));
      ring.relax();
      assertEquals(0, reader.read(1));
      assertEquals(5, writer.write(5));
      assertEquals(5, reader.read(5));
    }
  }
}

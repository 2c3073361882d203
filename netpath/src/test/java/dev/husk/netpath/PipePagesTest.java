package dev.husk.netpath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fits into a pipe, and when a page is free: as the kernel's loops over its buffers say. */
class PipePagesTest {
  private final PipePages pages = new PipePages();
  private long read;

  private long write(long length) {
    long n = pages.room(length, read);
    if (n != 0) {
      pages.wrote(length, read, pages.end() + n);
    }
    return n;
  }

  /** Whether that brought a free page. */
  private boolean read(long length) {
    long from = read;
    read += length;
    return pages.isFreed(from, read);
  }

  private long fill(long length) {
    long sum = 0;
    for (long n; (n = write(length)) != 0; ) {
      sum += n;
    }
    return sum;
  }

  @Test
  void smallWritesShareAPage() {
    assertEquals(PipePages.CAPACITY, fill(1));
  }

  @Test
  void writeThatDoesNotFitBehindTheLastStartsAPage() {
    assertEquals(16 * 3_000, fill(3_000));
    assertEquals(1_096, write(1_096));
    assertEquals(0, write(1));
  }

  @Test
  void wholePagesAreNotPutBehindOthers() {
    assertEquals(1, write(1));
    assertEquals(15 * PipePages.PAGE, write(1 << 20));
    assertEquals(0, write(1));
  }

  @Test
  void littleIsWrittenAsAWholeAndMuchInPart() {
    write(PipePages.CAPACITY - 100);
    assertEquals(0, write(101));
    assertEquals(0, write(PipePages.PAGE));
    assertEquals(100, write(PipePages.PAGE + 100));
  }

  @Test
  void pageIsFreeOnceItIsReadToItsEnd() {
    assertTrue(pages.isFree(read));
    fill(PipePages.PAGE);
    assertFalse(pages.isFree(read));
    assertFalse(read(PipePages.PAGE - 1));
    assertFalse(pages.isFree(read));
    assertEquals(0, write(1));
    assertTrue(read(1));
    assertTrue(pages.isFree(read));
    assertFalse(read(PipePages.PAGE));
    assertEquals(2 * PipePages.PAGE, write(1 << 20));
  }

  @Test
  void emptyPipeStartsAPage() {
    write(PipePages.PAGE - 1);
    read(PipePages.PAGE - 1);
    assertEquals(PipePages.CAPACITY, write(1 << 20));
  }

  /** Memory runs out in the middle of a write: what is there counts, and no more. */
  @Test
  void writeEndsEarly() {
    write(10);
    assertEquals(10 + PipePages.PAGE, pages.room(10 + PipePages.PAGE, read));
    pages.wrote(10 + PipePages.PAGE, read, 15);
    assertEquals(15, pages.end());
    assertEquals(PipePages.PAGE - 15, write(PipePages.PAGE - 15));
    assertEquals(15 * PipePages.PAGE, write(1 << 20));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithTheKernelsLoops(long seed) {
    Random random = new Random(seed);
    Kernel kernel = new Kernel();
    for (int i = 0; i < 50_000; i++) {
      int length = 1 + random.nextInt(1 << (1 + random.nextInt(17)));
      if (random.nextInt(5) < 3) {
        assertEquals(kernel.write(length), write(length));
      } else {
        boolean wasFull = kernel.isFull();
        long n = kernel.read(length);
        assertEquals(n != 0 && wasFull && !kernel.isFull(), n != 0 && read(n));
      }
      assertEquals(kernel.isFull(), !pages.isFree(read));
    }
  }

  /** {@code pipe_write} and {@code pipe_read}, of buffers that have an offset and a length. */
  private static final class Kernel {
    private static final int PAGE = 4_096;
    private final ArrayDeque<int[]> buffers = new ArrayDeque<>();

    boolean isFull() {
      return buffers.size() == 16;
    }

    int write(int length) {
      int left = length;
      int over = length & (PAGE - 1);
      if (over != 0 && !buffers.isEmpty()) {
        int[] last = buffers.peekLast();
        if (last[0] + last[1] + over <= PAGE) {
          last[1] += over;
          left -= over;
        }
      }
      while (left > 0 && !isFull()) {
        int n = Math.min(left, PAGE);
        buffers.add(new int[] {0, n});
        left -= n;
      }
      return length - left;
    }

    int read(int length) {
      int left = length;
      while (left > 0 && !buffers.isEmpty()) {
        int[] first = buffers.peekFirst();
        int n = Math.min(left, first[1]);
        first[0] += n;
        first[1] -= n;
        left -= n;
        if (first[1] == 0) {
          buffers.removeFirst();
        }
      }
      return length - left;
    }
  }
}

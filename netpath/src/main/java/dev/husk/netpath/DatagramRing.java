package dev.husk.netpath;

import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.Contended;

/**
 * The datagrams that a socket has been sent within the process: from many threads to one reading
 * thread at a time, with boundaries and sources, without a lock. What doesn't fit is dropped.
 *
 * <p>Implementation notes. Records lie in an array of a power of two, each at a multiple of {@link
 * #HEADER} and in one piece; where the rest of the array is too short, a record of padding fills
 * it. A sender claims room by advancing {@code tail} with a compare-and-set, fills the record, and
 * publishes it by writing its first word, which was 0; the reader takes records in the order of
 * their claims, so that one that is claimed and not published yet hides those behind it until it
 * is. The reader clears what it has read, and then gives it back by advancing {@code head}. This is
 * the many-to-one ring buffer of Agrona, whose first words also tell padding by their sign.
 */
final class DatagramRing {
  /** Bytes of a record before its data. */
  static final int HEADER = 32;

  /** The largest datagram (RFC 768: the length has 16 bits and counts the header). */
  static final int LARGEST = 65_535;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long TAIL = U.objectFieldOffset(DatagramRing.class, "tail");
  private static final long HEAD = U.objectFieldOffset(DatagramRing.class, "head");
  private static final long BASE = Unsafe.ARRAY_BYTE_BASE_OFFSET;

  // Of a record: the length and one more, negative for padding; the source's port and address.
  private static final int LENGTH = 0;
  private static final int PORT = 4;
  private static final int ADDRESS = 8;

  private final byte[] bytes;
  private final int mask;

  /** Records are taken in until that many bytes are under way, as in the kernel. */
  private final int limit;

  @Contended("tail")
  private volatile long tail;

  @Contended("head")
  private volatile long head;

  /** Makes an empty one that takes in datagrams until {@code limit} bytes are there. */
  DatagramRing(int limit) {
    this.limit = limit;
    int size = Integer.highestOneBit(2 * (limit + 2 * (LARGEST + HEADER)) - 1);
    bytes = new byte[size];
    mask = size - 1;
  }

  private static int align(int length) {
    return (length + HEADER - 1) & -HEADER;
  }

  // The sending side, any thread

  /**
   * Claims a record for a datagram of that many bytes.
   *
   * @return where it is, or -1 where the ring is full
   */
  int claim(int length) {
    int size = align(HEADER + length);
    for (; ; ) {
      long tail = this.tail;
      if (tail - head > limit) {
        return -1;
      }
      int at = (int) tail & mask;
      int rest = mask + 1 - at;
      int whole = size <= rest ? size : rest + size;
      if (tail + whole - head > mask + 1) {
        return -1;
      }
      if (!U.compareAndSetLong(this, TAIL, tail, tail + whole)) {
        continue;
      }
      if (size > rest) {
        U.putIntRelease(bytes, BASE + at + LENGTH, -rest);
        at = 0;
      }
      return at;
    }
  }

  /** Writes a part of a claimed record's data. */
  void put(int at, int offset, long address, int length) {
    U.copyMemory(null, address, bytes, BASE + at + HEADER + offset, length);
  }

  /** Publishes a claimed record; a full fence is up to the caller. */
  void publish(int at, int length, long high, long low, int port) {
    U.putInt(bytes, BASE + at + PORT, port);
    U.putLong(bytes, BASE + at + ADDRESS, high);
    U.putLong(bytes, BASE + at + ADDRESS + Long.BYTES, low);
    U.putIntRelease(bytes, BASE + at + LENGTH, length + 1);
  }

  // The reading side, one thread at a time

  /** Whether there is none to read. Any thread. */
  boolean isEmpty() {
    // Padding may be all there is; then the next look says so again, once a record follows.
    return U.getIntAcquire(bytes, BASE + ((int) head & mask) + LENGTH) == 0;
  }

  /** Where the oldest record is, or -1 where there is none. */
  int first() {
    long head = this.head;
    int at = (int) head & mask;
    int length = U.getIntAcquire(bytes, BASE + at + LENGTH);
    if (length < 0) {
      U.putInt(bytes, BASE + at + LENGTH, 0);
      U.putLongRelease(this, HEAD, head - length);
      at = 0;
      length = U.getIntAcquire(bytes, BASE + LENGTH);
    }
    return length == 0 ? -1 : at;
  }

  /** Bytes of a record's datagram. */
  int length(int at) {
    return U.getInt(bytes, BASE + at + LENGTH) - 1;
  }

  /** The source's port. */
  int port(int at) {
    return U.getInt(bytes, BASE + at + PORT);
  }

  /** The source's address, the upper half; see {@link RawAddress}. */
  long high(int at) {
    return U.getLong(bytes, BASE + at + ADDRESS);
  }

  /** The lower half. */
  long low(int at) {
    return U.getLong(bytes, BASE + at + ADDRESS + Long.BYTES);
  }

  /** Reads a part of a record's data. */
  void get(int at, int offset, long address, int length) {
    U.copyMemory(bytes, BASE + at + HEADER + offset, null, address, length);
  }

  /** Gives the oldest record back. */
  void remove(int at) {
    int size = align(HEADER + length(at));
    U.setMemory(bytes, BASE + at, size, (byte) 0);
    U.putLongRelease(this, HEAD, head + size);
  }
}

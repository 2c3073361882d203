package dev.husk.netpath;

import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.Contended;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a stream: bytes from one writing thread at a time to one reading thread at a
 * time, without a lock. Bounded by a limit, with memory for what is under way only.
 *
 * <p>Implementation notes. The bytes lie in chunks, each a ring of a power of two; nearly always
 * there is one. {@code written} and {@code read} are positions in the stream, counted from its
 * start; each has one writer, who publishes it after the bytes are copied in or out (the
 * single-producer ring of Lamport, 1977). When the ring is full and the limit isn't reached, the
 * writer goes on in a larger chunk that it links behind; the reader follows when it has read all
 * before that chunk's start (as JCTools' growable queue does). The smallest chunk stays with the
 * stream. A larger one is taken away by the reader when it has read everything: both sides agree on
 * that by the chunk's state, which the writer sets to {@code WRITING} while it works and the reader
 * to {@code DETACHED}; finding it detached, the writer starts another chunk. So a connection that
 * has nothing under way holds 4 KB a direction, however much went through.
 *
 * <p>The writing thread calls what is marked so, the reading thread likewise; all else any thread.
 * Neither {@link #write} nor {@link #read} has a full fence: who goes on to look for a waiter makes
 * one first.
 */
final class StreamRing {
  /** The smallest chunk, which lasts. */
  static final int SMALL = 4 << 10;

  /** The largest chunk: as much as fits a core's own cache, with room for what the two sides do. */
  static final int LARGE = 256 << 10;

  /** A chunk is eight times as large as the next smaller kind. */
  private static final int STEP = 3;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long WRITTEN = U.objectFieldOffset(StreamRing.class, "written");
  private static final long READ = U.objectFieldOffset(StreamRing.class, "read");
  private static final long STATE = U.objectFieldOffset(Chunk.class, "state");
  private static final long BYTES = Unsafe.ARRAY_BYTE_BASE_OFFSET;

  private static final int FREE = 0;
  private static final int WRITING = 1;
  private static final int DETACHED = 2;

  /** Bytes that may be under way. */
  private volatile int limit;

  /** The writer has finished: what is there is the last. Written by the writer, release. */
  private volatile boolean finished;

  /** Position of the last urgent byte, -1 before the first (RFC 9293, 3.8.5). */
  private volatile long urgent = -1;

  /** Up to here all bytes are urgent ones of before, which aren't read inline. */
  private volatile long urgentBefore;

  /** The first chunk, for the reader to start with. Written before {@link #written}. */
  private @Nullable Chunk first;

  /** Bytes written since the start; release by the writer. */
  @Contended("writer")
  private volatile long written;

  /** The chunk that is written to. Writer only. */
  @Contended("writer")
  private @Nullable Chunk tail;

  /** Bytes read since the start; release by the reader. */
  @Contended("reader")
  private volatile long read;

  /** The chunk that is read from. Reader only. */
  @Contended("reader")
  private @Nullable Chunk head;

  /** Makes an empty one; bytes under way are at most {@code limit}, more than 0. */
  StreamRing(int limit) {
    this.limit = limit;
  }

  private static final class Chunk {
    /** Position of its first byte in the stream. */
    final long start;

    final int size;

    /** Null once detached and empty. Changed by the reader only, having won the state. */
    byte @Nullable [] bytes;

    /** Only of chunks larger than {@link #SMALL}. */
    @SuppressWarnings("unused")
    private volatile int state;

    /** Written once by the writer, before it publishes bytes of the next chunk. */
    volatile @Nullable Chunk next;

    Chunk(long start, int size) {
      this.start = start;
      this.size = size;
      this.bytes = ChunkPool.take(size);
    }
  }

  /** Changes how much may be under way. */
  void setLimit(int limit) {
    this.limit = limit;
  }

  /** Bytes that can be under way. */
  int limit() {
    return limit;
  }

  /** Bytes written and not read. */
  long unread() {
    // Read first: the difference can't be negative then.
    long read = this.read;
    return written - read;
  }

  /** Bytes written since the start. */
  long written() {
    return written;
  }

  /** Bytes read since the start. */
  long position() {
    return read;
  }

  /**
   * Bytes that a read could give, as far as the urgent byte if that is to be left out (Linux's
   * {@code tcp_inq}).
   */
  long available(boolean inline) {
    long position = inline ? read : Math.max(read, urgentBefore);
    long end = written;
    long mark = urgent;
    return (inline || mark < position || mark >= end ? end : mark) - position;
  }

  /** Whether a read would give something. */
  boolean isReadable(boolean inline) {
    long position = read;
    long end = written;
    if (inline || end == position) {
      return end != position;
    }
    position = Math.max(position, urgentBefore);
    return end - position > (urgent == position ? 1 : 0);
  }

  /** Whether there is room enough for a writer to be woken: half the limit. */
  boolean isWritable() {
    return unread() <= limit >> 1;
  }

  /** Whether all has been written that will be. */
  boolean isFinished() {
    return finished;
  }

  /** Nothing more will be written. Any thread; the writer's calls from then on are lost. */
  void finish() {
    finished = true;
  }

  /**
   * Writes as much as there is room for; writer only.
   *
   * @param base an array, or null where {@code offset} is an address
   * @return how much, 0 where there is no room
   * @throws OutOfMemoryError where there is no memory; what was written before stays written
   */
  int write(@Nullable Object base, long offset, int length) {
    long position = written;
    long read = this.read;
    int whole = (int) Math.min(length, limit - (position - read));
    if (whole <= 0) {
      return 0;
    }
    Chunk chunk = tail;
    if (chunk == null) {
      chunk = new Chunk(position, sizeFor(whole, SMALL));
      first = chunk;
      tail = chunk;
    }
    int left = whole;
    for (; ; ) {
      int least = SMALL;
      boolean small = chunk.size == SMALL;
      if (small || U.compareAndSetInt(chunk, STATE, FREE, WRITING)) {
        int free = chunk.size - (int) (position - Math.max(read, chunk.start));
        int n = Math.min(left, free);
        copyIn(base, offset, chunk, position, n);
        position += n;
        offset += n;
        left -= n;
        // Before the state: a reader that takes the chunk away sees these bytes.
        U.putLongRelease(this, WRITTEN, position);
        if (!small) {
          U.putIntRelease(chunk, STATE, FREE);
        }
        if (left == 0) {
          return whole;
        }
        least = chunk.size << STEP;
      }
      Chunk next = new Chunk(position, sizeFor(left, least));
      chunk.next = next;
      tail = next;
      chunk = next;
    }
  }

  /**
   * Whether bytes may go by the ring, straight to a reader that waits: nothing is under way, and no
   * byte was ever urgent. The writer only.
   */
  boolean isIdle() {
    return written == read && urgent < 0;
  }

  /**
   * Counts bytes that went by the ring; writer only, while the reader waits and {@link #isIdle}.
   */
  void passBy(int length) {
    long position = written + length;
    // In this order: what is unread is never negative.
    U.putLongRelease(this, WRITTEN, position);
    U.putLongRelease(this, READ, position);
  }

  private static int sizeFor(int length, int least) {
    int size = Math.min(least, LARGE);
    while (size < length && size < LARGE) {
      size <<= STEP;
    }
    return size;
  }

  private static void copyIn(
      @Nullable Object base, long offset, Chunk chunk, long position, int length) {
    int at = (int) (position - chunk.start) & (chunk.size - 1);
    int n = Math.min(length, chunk.size - at);
    U.copyMemory(base, offset, chunk.bytes, BYTES + at, n);
    if (n < length) {
      U.copyMemory(base, offset + n, chunk.bytes, BYTES, length - n);
    }
  }

  /** Marks the byte that is written next as urgent; writer only. */
  void markUrgent() {
    long before = urgent;
    if (before >= 0 && before == Math.max(read, urgentBefore)) {
      // There is one mark only. A byte that loses it is data like any other, unless it was next to
      // be read (Linux's tcp_check_urg).
      urgentBefore = before + 1;
    }
    urgent = written;
  }

  /**
   * Reads what is there; reader only.
   *
   * @param base an array, or null where {@code offset} is an address
   * @param inline whether an urgent byte is read like any other, rather than left out
   * @return how much, 0 where there is nothing
   */
  int read(@Nullable Object base, long offset, int length, boolean inline) {
    long position = read;
    long end = written;
    if (end == position) {
      return 0;
    }
    if (!inline) {
      if (!isReadable(false)) {
        return 0;
      }
      position = skipUrgent(position);
      long mark = urgent;
      if (mark >= position && mark < end) {
        end = mark;
      }
      if (end == position) {
        return 0;
      }
    }
    int whole = (int) Math.min(length, end - position);
    skipTo(position);
    int left = whole;
    while (left > 0) {
      Chunk chunk = head;
      Chunk next = chunk.next;
      int n = next == null ? left : (int) Math.min(left, next.start - position);
      int at = (int) (position - chunk.start) & (chunk.size - 1);
      int upToWrap = Math.min(n, chunk.size - at);
      U.copyMemory(chunk.bytes, BYTES + at, base, offset, upToWrap);
      if (upToWrap < n) {
        U.copyMemory(chunk.bytes, BYTES, base, offset + upToWrap, n - upToWrap);
      }
      position += n;
      offset += n;
      left -= n;
      skipTo(position);
    }
    U.putLongRelease(this, READ, position);
    return whole;
  }

  /** Leaves out the urgent bytes that are next; they count as read with what follows them. */
  private long skipUrgent(long from) {
    long position = Math.max(from, urgentBefore);
    if (urgent == position) {
      position++;
    }
    return position;
  }

  /** Goes to the chunk that has, or will have, the byte at a position; reader only. */
  private void skipTo(long position) {
    Chunk chunk = head;
    if (chunk == null) {
      // Written before the position that the reader has seen.
      head = chunk = first;
    }
    Chunk next;
    while ((next = chunk.next) != null && position >= next.start) {
      recycle(chunk);
      head = chunk = next;
    }
  }

  private static void recycle(Chunk chunk) {
    byte[] bytes = chunk.bytes;
    if (bytes != null) {
      chunk.bytes = null;
      ChunkPool.give(bytes);
    }
  }

  /**
   * Gives back the memory of a stream on which everything was read, as far as it's more than a
   * little; reader only.
   */
  void relax() {
    Chunk chunk = head;
    if (chunk == null
        || chunk.size == SMALL
        || chunk.bytes == null
        || chunk.next != null
        || (chunk.state != DETACHED && !U.compareAndSetInt(chunk, STATE, FREE, DETACHED))) {
      return;
    }
    // The writer won't write here any more. It may have done so before.
    if (written == read) {
      recycle(chunk);
    }
  }
}

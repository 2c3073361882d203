package dev.husk.netpath;

/**
 * How the bytes of a pipe lie on pages, as the kernel has it (Linux's {@code fs/pipe.c}): that
 * decides how much a write takes. A pipe is full when all of its pages have something unread on
 * them, however little.
 *
 * <p>Implementation notes. Only the writer counts pages, by the position in the stream where each
 * ends. The reader's position is all that it needs for that: a page is free once it is read to its
 * end. The end of what is written is published after all bytes of a write, so that a reader sees
 * the whole of it or nothing.
 */
final class PipePages {
  /** A page, and {@code PIPE_BUF}: so much at most is written as a whole or not at all. */
  static final int PAGE = 4 << 10;

  /** {@code PIPE_DEF_BUFFERS}. */
  private static final int COUNT = 16;

  /** Bytes on full pages. */
  static final int CAPACITY = COUNT * PAGE;

  /** Where the last pages end, in a circle; 0 for one that was never used. Writer only. */
  private final long[] ends = new long[COUNT];

  /** Counts pages. Writer only. */
  private int next;

  /** Where the last page starts. Writer only. */
  private long start;

  /** Read as far as here, there is a free page. */
  private volatile long freeFrom;

  /** Bytes written since the start. */
  private volatile long end;

  /** Bytes written since the start, those of whole writes. Any thread. */
  long end() {
    return end;
  }

  /** Whether there is a free page where a reader has read so far. Any thread. */
  boolean isFree(long read) {
    return read >= freeFrom;
  }

  /** Whether a read brought a free page where there was none; after a full fence. Reader only. */
  boolean isFreed(long from, long to) {
    long at = freeFrom;
    return from < at && to >= at;
  }

  /** How many of so many bytes a write takes now. Writer only. */
  long room(long length, long read) {
    int behind = behind(length, read);
    long left = length - behind;
    long free = 0;
    for (int i = 0; i < COUNT && free < left && ends[(next + i) % COUNT] <= read; i++) {
      free += PAGE;
    }
    return behind + Math.min(left, free);
  }

  /**
   * What was written is there. Writer only.
   *
   * @param length as {@link #room} was asked
   * @param read as well
   * @param written where the bytes end now
   */
  void wrote(long length, long read, long written) {
    long position = end;
    int behind = behind(length, read);
    if (behind != 0) {
      position = Math.min(position + behind, written);
      ends[(next + COUNT - 1) % COUNT] = position;
    }
    while (position < written) {
      start = position;
      position = Math.min(position + PAGE, written);
      ends[next] = position;
      next = (next + 1) % COUNT;
    }
    freeFrom = ends[next];
    end = position;
  }

  /**
   * What of a write goes on the last page, behind what isn't read there: what it has more than
   * whole pages, where that fits.
   */
  private int behind(long length, long read) {
    int over = (int) (length & (PAGE - 1));
    return read < end && end - start + over <= PAGE ? over : 0;
  }
}

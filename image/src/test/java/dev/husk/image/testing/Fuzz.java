package dev.husk.image.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Damages what a parser reads, over and over from a seed on: it may refuse with an {@link
 * IOException} and must not fail otherwise, nor go on for ever.
 *
 * <p>The short form ends after the same seeds on the fastest machine too. The long form ({@code
 * -Dhusk.long=true}) goes on for minutes; {@code -Dhusk.seed=N} begins with what one of it found.
 */
public final class Fuzz {
  private static final boolean LONG = Boolean.getBoolean("husk.long");
  private static final long FIRST = Long.getLong("husk.seed", 1);
  private static final long LAST = LONG ? Long.MAX_VALUE : FIRST + 5_000;
  private static final Duration TIME = LONG ? Duration.ofMinutes(2) : Duration.ofSeconds(2);
  private static final Duration LONGEST_INPUT = Duration.ofSeconds(20);
  private static final int[] BYTES = {0, 1, 2, 0x7F, 0x80, 0xFF};
  private static final int[] WORDS = {0, 1, -1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000};

  private final Attempt attempt;
  private final AtomicLong seed = new AtomicLong(FIRST);
  private final AtomicLong began = new AtomicLong(System.nanoTime());
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private int accepted;
  private int refused;

  /** What is tried. */
  @FunctionalInterface
  public interface Parser {
    /** Reads all there is to read in these bytes, which it may change. */
    void parse(byte[] bytes) throws IOException;
  }

  /** What is tried, with damage of its own. */
  @FunctionalInterface
  public interface Attempt {
    /** Damages by chance, and reads. */
    void with(Random random) throws IOException;
  }

  private Fuzz(Attempt attempt) {
    this.attempt = attempt;
  }

  /** Tries what is right, then damaged copies of it. */
  public static void run(byte[] valid, Parser parser) throws IOException, InterruptedException {
    parser.parse(valid.clone());
    // Zeros are mostly gaps.
    int[] interesting = IntStream.range(0, valid.length).filter(i -> valid[i] != 0).toArray();
    run(random -> parser.parse(damaged(valid, interesting, random)));
  }

  /**
   * Tries what is right, then copies with damaged words.
   *
   * @param depth changes are in this many bytes at the begin
   */
  public static void run(List<byte[]> valid, int depth, Parser parser)
      throws IOException, InterruptedException {
    for (byte[] bytes : valid) {
      parser.parse(bytes.clone());
    }
    run(random -> parser.parse(damaged(valid.get(random.nextInt(valid.size())), depth, random)));
  }

  /** Tries with one seed after the other; some must be accepted, and some refused. */
  public static void run(Attempt attempt) throws InterruptedException {
    new Fuzz(attempt).run();
  }

  private void run() throws InterruptedException {
    Thread thread = Thread.ofPlatform().daemon().start(this::tryAll);
    while (!thread.join(Duration.ofMillis(100))) {
      if (System.nanoTime() - began.get() > LONGEST_INPUT.toNanos()) {
        fail("the input of seed " + seed + " takes for ever");
      }
    }
    if (failure.get() != null) {
      fail("the input of seed " + seed, failure.get());
    }
    assertTrue(accepted > 0 && refused > 0, accepted + " inputs accepted, " + refused + " refused");
  }

  private void tryAll() {
    long end = System.nanoTime() + TIME.toNanos();
    try {
      for (; seed.get() < LAST && System.nanoTime() < end; seed.incrementAndGet()) {
        began.set(System.nanoTime());
        try {
          attempt.with(new Random(seed.get()));
          accepted++;
        } catch (IOException e) {
          refused++;
        }
      }
    } catch (Throwable e) {
      failure.set(e);
    }
  }

  private static byte[] damaged(byte[] valid, int[] interesting, Random random) {
    byte[] bytes = valid.clone();
    for (int count = 1 + random.nextInt(4); count > 0; count--) {
      int at =
          random.nextInt(8) == 0
              ? random.nextInt(bytes.length)
              : interesting[random.nextInt(interesting.length)];
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) BYTES[random.nextInt(BYTES.length)];
        case 3 -> {
          for (int i = at; i < Math.min(at + 4, bytes.length); i++) {
            bytes[i] = (byte) random.nextInt();
          }
        }
        case 4 -> {
          int from = interesting[random.nextInt(interesting.length)];
          int length = Math.min(1 << random.nextInt(10), bytes.length - Math.max(from, at));
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> {
          for (int i = at; i < Math.min(at + (1 << random.nextInt(8)), bytes.length); i++) {
            bytes[i] = 0;
          }
        }
      }
    }
    return random.nextInt(16) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static byte[] damaged(byte[] valid, int depth, Random random) {
    byte[] bytes = valid.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length >= 8; changes--) {
      int at = random.nextInt(Math.min(bytes.length, depth) - 4);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> putInt(bytes, at & ~3, WORDS[random.nextInt(WORDS.length)]);
        case 3 -> putInt(bytes, at & ~3, random.nextInt(2 * bytes.length));
        case 4 -> bytes[at] = (byte) BYTES[random.nextInt(BYTES.length)];
        default -> {
          if (random.nextInt(8) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
          }
        }
      }
    }
    return bytes;
  }

  private static void putInt(byte[] bytes, int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }
}

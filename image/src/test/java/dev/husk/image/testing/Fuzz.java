package dev.husk.image.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Damages what a parser reads, over and over from a seed on: it may refuse with an {@link
 * IOException} and must not fail otherwise, nor go on for ever.
 */
public final class Fuzz {
  private static final Duration TIME =
      Boolean.getBoolean("husk.long") ? Duration.ofMinutes(2) : Duration.ofSeconds(1);
  private static final Duration LONGEST_INPUT = Duration.ofSeconds(20);
  private static final int[] VALUES = {0, 1, 2, 0x7F, 0x80, 0xFF};

  private final byte[] valid;
  private final int[] interesting;
  private final Parser parser;
  private final AtomicLong seed = new AtomicLong();
  private final AtomicLong began = new AtomicLong(System.nanoTime());
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private int accepted;
  private int refused;

  /** What is tried. */
  public interface Parser {
    /** Reads all there is to read in these bytes, which it may change. */
    void parse(byte[] bytes) throws IOException;
  }

  private Fuzz(byte[] valid, Parser parser) {
    this.valid = valid;
    this.parser = parser;
    // Zeros are mostly gaps.
    interesting = IntStream.range(0, valid.length).filter(i -> valid[i] != 0).toArray();
  }

  /** Tries what is right, then damaged copies of it, for a time. */
  public static void run(byte[] valid, Parser parser) throws IOException, InterruptedException {
    parser.parse(valid.clone());
    new Fuzz(valid, parser).run();
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
      while (System.nanoTime() < end) {
        began.set(System.nanoTime());
        byte[] input = damaged(new Random(seed.incrementAndGet()));
        try {
          parser.parse(input);
          accepted++;
        } catch (IOException e) {
          refused++;
        }
      }
    } catch (Throwable e) {
      failure.set(e);
    }
  }

  private byte[] damaged(Random random) {
    byte[] bytes = valid.clone();
    for (int count = 1 + random.nextInt(4); count > 0; count--) {
      int at =
          random.nextInt(8) == 0
              ? random.nextInt(bytes.length)
              : interesting[random.nextInt(interesting.length)];
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) VALUES[random.nextInt(VALUES.length)];
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
}

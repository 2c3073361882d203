package dev.husk.image.pe;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Feeds a parser with broken files: two seconds of them, and a minute in a long run. */
public final class Fuzz {
  private static final int[] ODD = {0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff};

  private Fuzz() {}

  /** What is tested. */
  @FunctionalInterface
  public interface Parser {
    /** Reads all that there is; an IOException is a good answer, another one is not. */
    void parse(byte[] bytes) throws IOException;
  }

  /**
   * Parses the seeds, which must succeed, and then what random changes make of them.
   *
   * @param depth changes are in this many bytes at the begin
   */
  public static void run(List<byte[]> seeds, int depth, Parser parser) throws IOException {
    for (byte[] seed : seeds) {
      parser.parse(seed);
    }
    Duration time = Boolean.getBoolean("husk.long") ? Duration.ofMinutes(1) : Duration.ofSeconds(2);
    long end = System.nanoTime() + time.toNanos();
    for (long seed = 0; System.nanoTime() < end; seed++) {
      Random random = new Random(seed);
      byte[] bytes = change(seeds.get(random.nextInt(seeds.size())).clone(), depth, random);
      try {
        parser.parse(bytes);
      } catch (IOException e) {
        // As it should be.
      } catch (RuntimeException | Error e) {
        throw new AssertionError("the file of seed " + seed, e);
      }
    }
  }

  private static byte[] change(byte[] bytes, int depth, Random random) {
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      if (bytes.length < 8) {
        return bytes;
      }
      int at = random.nextInt(Math.min(bytes.length, depth) - 4);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> putInt(bytes, at & ~3, ODD[random.nextInt(ODD.length)]);
        case 3 -> putInt(bytes, at & ~3, random.nextInt(2 * bytes.length));
        case 4 -> bytes[at] = (byte) ODD[random.nextInt(ODD.length)];
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

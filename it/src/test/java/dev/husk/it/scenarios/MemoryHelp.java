package dev.husk.it.scenarios;

import java.lang.foreign.MemorySegment;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import sun.misc.Unsafe;

/** What the programs about memory outside the heap share. */
@SuppressWarnings("removal")
final class MemoryHelp {
  static final Unsafe UNSAFE = unsafe();

  /** Around the steps in which an allocator may go, up to what it has of the kernel by itself. */
  private static final int[] SIZES = {
    1, 2, 3, 7, 8, 9, 15, 16, 17, 24,
    31, 33, 48, 63, 64, 65, 100, 127, 128, 129,
    200, 255, 256, 257, 400, 511, 512, 513, 777, 1023,
    1024, 1025, 1500, 2047, 2049, 3000, 4095, 4096, 4097, 5000,
    8191, 8193, 10_001, 16_384, 20_000, 32_767, 32_769, 50_000, 65_535, 65_536,
    65_537, 100_000, 131_072, 131_073, 200_000, 262_143, 300_000, 524_289, 1 << 20, (1 << 20) + 1,
    2_000_003, 1 << 22
  };

  private MemoryHelp() {}

  private static Unsafe unsafe() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** The JVM's figures of direct memory, or how far they moved. */
  record Pool(long count, long capacity, long used) {
    private static final BufferPoolMXBean DIRECT =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    private static final Pattern ALLOCATED = Pattern.compile("allocated: (-?\\d+)");

    static Pool now() {
      return new Pool(DIRECT.getCount(), DIRECT.getTotalCapacity(), DIRECT.getMemoryUsed());
    }

    /** What was added since this was taken. */
    Pool moved() {
      Pool now = now();
      return new Pool(now.count - count, now.capacity - capacity, now.used - used);
    }

    /** A refusal as it would be had this been nothing. */
    String in(String refusal) {
      return ALLOCATED
          .matcher(refusal)
          .replaceAll(match -> "allocated: " + (Long.parseLong(match.group(1)) - used));
    }

    /** Whether nothing is left of what was added since, once the collector has had its time. */
    boolean comesBack() {
      return collects(() -> moved().equals(new Pool(0, 0, 0)));
    }

    @Override
    public String toString() {
      return count + "/" + capacity + "/" + used;
    }
  }

  /** Sizes up to the limit, in an order that the seed gives. */
  static List<Integer> sizes(int most, int seed) {
    List<Integer> sizes = new ArrayList<>();
    for (int size : SIZES) {
      if (size <= most) {
        sizes.add(size);
      }
    }
    Collections.shuffle(sizes, new Random(seed));
    return sizes;
  }

  /** A size below the limit; small ones are more often. */
  static int size(Random random, int most) {
    return random.nextInt(1 + random.nextInt(1 + random.nextInt(most)));
  }

  /** Frees the memory of a direct buffer, as libraries do. */
  static void free(ByteBuffer buffer) {
    UNSAFE.invokeCleaner(buffer);
  }

  static void free(Iterable<ByteBuffer> buffers) {
    buffers.forEach(MemoryHelp::free);
  }

  static long address(ByteBuffer buffer) {
    return MemorySegment.ofBuffer(buffer).address();
  }

  private static long word(int seed, int index) {
    return (index + 1 + ((long) seed << 32)) * 0x9E3779B97F4A7C15L;
  }

  /** Fills all of a buffer with bytes that tell the seed, and returns it. */
  static ByteBuffer fill(ByteBuffer buffer, int seed) {
    int words = buffer.limit() & -8;
    for (int i = 0; i < words; i += 8) {
      buffer.putLong(i, word(seed, i));
    }
    for (int i = words; i < buffer.limit(); i++) {
      buffer.put(i, (byte) word(seed, i));
    }
    return buffer;
  }

  /** Whether the first bytes are those of a buffer that was filled. */
  static boolean holds(ByteBuffer buffer, int seed) {
    int words = buffer.limit() & -8;
    for (int i = 0; i < words; i += 8) {
      if (buffer.getLong(i) != word(seed, i)) {
        return false;
      }
    }
    for (int i = words; i < buffer.limit(); i++) {
      if (buffer.get(i) != (byte) word(seed, i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether all of a buffer is zero. */
  static boolean zeroed(ByteBuffer buffer) {
    int words = buffer.limit() & -8;
    for (int i = 0; i < words; i += 8) {
      if (buffer.getLong(i) != 0) {
        return false;
      }
    }
    for (int i = words; i < buffer.limit(); i++) {
      if (buffer.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  static ByteBuffer direct(int size, int seed) {
    return fill(ByteBuffer.allocateDirect(size), seed);
  }

  /** Blocks of memory, by address: whether no two share a byte, and where they begin. */
  static final class Blocks {
    private final TreeMap<Long, Long> blocks = new TreeMap<>();
    private boolean apart = true;
    private long begins;

    void add(long address, long size) {
      apart &= blocks.put(address, Math.max(1, size)) == null;
      begins |= address;
    }

    boolean apart() {
      long end = 0;
      for (var block : blocks.entrySet()) {
        apart &= block.getKey() >= end;
        end = block.getKey() + block.getValue();
      }
      return apart;
    }

    /** Whether all begin at multiples of a power of two. */
    boolean aligned(long alignment) {
      return (begins & (alignment - 1)) == 0;
    }
  }

  /** Calls the collector until the condition holds; false when it doesn't in time. */
  static boolean collects(BooleanSupplier condition) {
    return Help.until(
        () -> {
          System.gc();
          return condition.getAsBoolean();
        });
  }

  /** Calls the collector until it finds no more direct memory to release. */
  static boolean settled() {
    return Help.until(
        () -> {
          Pool before = Pool.now();
          for (int i = 0; i < 3; i++) {
            System.gc();
            Help.pause(20);
          }
          return before.equals(Pool.now());
        });
  }

  /** Plays a scene in a thread of each kind, one after the other. */
  static String inTurn(Kind.Scene scene) {
    StringBuilder lines = new StringBuilder();
    for (Kind kind : Kind.values()) {
      lines.append("\n  ").append(kind).append(": ").append(kind.begin(scene).end());
    }
    return lines.toString();
  }

  /** Runs two threads of each kind at once: what each came to, in a set. */
  static Object crowd(IntFunction<Kind.Scene> scenes) {
    List<Kind.Meanwhile> all = new ArrayList<>();
    for (int i = 0; i < 2 * Kind.values().length; i++) {
      all.add(Kind.values()[i / 2].begin(scenes.apply(i)));
    }
    return all.stream().map(Kind.Meanwhile::end).distinct().toList();
  }
}

package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.MemoryHelp.UNSAFE;
import static dev.husk.it.scenarios.MemoryHelp.crowd;
import static dev.husk.it.scenarios.MemoryHelp.fill;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.size;
import static dev.husk.it.scenarios.MemoryHelp.sizes;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.MemoryHelp.Blocks;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import sun.misc.Unsafe;

/**
 * Memory that is asked for and given back by address.
 *
 * <p>Run with {@code --enable-native-access=ALL-UNNAMED}. The JVM warns of the first call.
 */
@SuppressWarnings({"removal", "restricted"})
final class UnsafeCases {
  private UnsafeCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(UnsafeCases.class, args);
  }

  private static ByteBuffer at(long address, int size) {
    return MemorySegment.ofAddress(address).reinterpret(size).asByteBuffer();
  }

  private static long filled(int size, int seed) {
    long address = UNSAFE.allocateMemory(size);
    fill(at(address, size), seed);
    return address;
  }

  // Allocating

  @Case
  static Object addresses() {
    return Kind.each(
        kind -> {
          Blocks blocks = new Blocks();
          List<Long> all = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            for (int size : sizes(1 << 20, i)) {
              long address = UNSAFE.allocateMemory(size);
              all.add(address);
              blocks.add(address, size);
            }
          }
          all.forEach(UNSAFE::freeMemory);
          return blocks.apart() + " " + blocks.aligned(16);
        });
  }

  @Case
  static Object nothing() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          all.add(UNSAFE.allocateMemory(0));
          all.add(thrown(() -> UNSAFE.freeMemory(0)));
          all.add(UNSAFE.reallocateMemory(0, 0));
          all.add(UNSAFE.reallocateMemory(filled(100, 1), 0));
          all.add(UNSAFE.reallocateMemory(filled(1 << 20, 1), 0));
          long address = UNSAFE.reallocateMemory(0, 50);
          all.add(holds(fill(at(address, 50), 3), 3));
          UNSAFE.freeMemory(address);
          return all;
        });
  }

  @Case
  static Object badSizes() {
    Pool before = Pool.now();
    List<Object> all = new ArrayList<>();
    long[] sizes = {
      -1, -7, -8, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 6, Long.MAX_VALUE - 7, 1L << 62
    };
    for (long size : sizes) {
      all.add(thrown(() -> UNSAFE.allocateMemory(size)));
      all.add(thrown(() -> UNSAFE.reallocateMemory(0, size)));
    }
    all.add(thrown(() -> UNSAFE.allocateMemory((1L << 61) + 1)));
    return all + " " + before.moved();
  }

  /** What couldn't grow is as it was, and may be freed. */
  @Case
  static Object refusedToGrow() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          for (int size : new int[] {1, 100, 5000, 300_000}) {
            long address = filled(size, 7);
            all.add(thrown(() -> UNSAFE.reallocateMemory(address, 1L << 62)));
            all.add(thrown(() -> UNSAFE.reallocateMemory(address, -1)));
            all.add(holds(at(address, size), 7));
            UNSAFE.freeMemory(address);
          }
          return all;
        });
  }

  /** Sizes are of whole words. */
  @Case
  static Object words() {
    return Kind.each(
        kind -> {
          List<Long> all = new ArrayList<>();
          for (int i = 0; i < 2000; i++) {
            int size = 1 + i % 100;
            all.add(UNSAFE.allocateMemory(size));
            fill(at(all.getLast(), (size + 7) & -8), i);
          }
          int good = 0;
          for (int i = 0; i < 2000; i++) {
            good += holds(at(all.get(i), (1 + i % 100 + 7) & -8), i) ? 1 : 0;
          }
          all.forEach(UNSAFE::freeMemory);
          return good;
        });
  }

  @Case
  static Object large() {
    List<Object> all = new ArrayList<>();
    for (int size : new int[] {20 << 20, 50_000_001, 20 << 20}) {
      long address = filled(size, 2);
      long larger = UNSAFE.reallocateMemory(address, size + (30 << 20));
      all.add(holds(at(larger, size), 2));
      long smaller = UNSAFE.reallocateMemory(larger, 1000);
      all.add(holds(at(smaller, 1000), 2));
      UNSAFE.freeMemory(smaller);
    }
    return all;
  }

  // Growing and shrinking

  /** Whether the first bytes are still those that were filled. */
  private static boolean kept(long address, int size, int seed) {
    return holds(at(address, size & -8), seed);
  }

  @Case
  static Object fromEachSizeToEach() {
    return Kind.each(
        kind -> {
          int lost = 0;
          List<Integer> sizes = sizes(140_000, 3);
          for (int from : sizes) {
            for (int to : sizes) {
              long address = UNSAFE.reallocateMemory(filled(from, from), to);
              lost += kept(address, Math.min(from, to), from) && address % 16 == 0 ? 0 : 1;
              UNSAFE.freeMemory(address);
            }
          }
          return lost;
        });
  }

  @Case
  static Object stepByStep() {
    return Kind.each(
        kind -> {
          int lost = 0;
          long address = 0;
          int size = 0;
          for (int next = 1; next < 3_000_000; next += 1 + next / 20) {
            address = UNSAFE.reallocateMemory(address, next);
            lost += kept(address, size, 4) ? 0 : 1;
            size = next;
            fill(at(address, size), 4);
          }
          for (; size > 1; size -= 1 + size / 15) {
            address = UNSAFE.reallocateMemory(address, size);
            lost += kept(address, size, 4) ? 0 : 1;
          }
          UNSAFE.freeMemory(address);
          return lost;
        });
  }

  @Case
  static Object contentsStay() {
    return crowd(
        number ->
            kind -> {
              Random random = new Random(number);
              long[] addresses = new long[48];
              int[] sizes = new int[48];
              int lost = 0;
              for (int i = 0; i < 4_000; i++) {
                int at = random.nextInt(addresses.length);
                int size = size(random, i % 400 == 0 ? 1_000_000 : 20_000);
                lost += kept(addresses[at], sizes[at], at + number) ? 0 : 1;
                if (random.nextInt(3) == 0) {
                  UNSAFE.freeMemory(addresses[at]);
                  addresses[at] = 0;
                  sizes[at] = 0;
                }
                int least = Math.min(size, sizes[at]);
                addresses[at] = UNSAFE.reallocateMemory(addresses[at], size);
                sizes[at] = size;
                lost += kept(addresses[at], least, at + number) ? 0 : 1;
                fill(at(addresses[at], size), at + number);
                if (random.nextInt(30) == 0) {
                  Thread.yield();
                }
              }
              for (long address : addresses) {
                UNSAFE.freeMemory(address);
              }
              return lost;
            });
  }

  /** Allocated in one thread, grown in a second, freed in a third, after the end of the first. */
  @Case
  static Object passedOn() {
    StringBuilder all = new StringBuilder();
    for (Kind from : Kind.values()) {
      for (Kind to : Kind.values()) {
        BlockingQueue<Long> made = new ArrayBlockingQueue<>(300);
        Meanwhile maker =
            from.begin(
                k -> {
                  for (int i = 0; i < 300; i++) {
                    made.add(filled(40 * i + 8, i));
                  }
                  return "made";
                });
        String seen = maker.end();
        Meanwhile grower =
            to.begin(
                k -> {
                  int lost = 0;
                  List<Long> grown = new ArrayList<>();
                  for (int i = 0; i < 300; i++) {
                    long address = UNSAFE.reallocateMemory(made.take(), 100 * i + 8);
                    lost += holds(at(address, 40 * i + 8), i) ? 0 : 1;
                    grown.add(address);
                  }
                  return lost
                      + " "
                      + from.begin(o -> thrown(() -> grown.forEach(UNSAFE::freeMemory))).end();
                });
        all.append("\n  ").append(from).append(" to ").append(to).append(": ");
        all.append(seen).append(' ').append(grower.end());
      }
    }
    return all;
  }

  // Memory of the C library

  private static MethodHandle library(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
  }

  /** The JVM gives back to the C library what it is given, whoever had it from there. */
  @Case
  static Object freedForOthers() {
    MethodHandle malloc = library("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    MethodHandle calloc = library("calloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    MethodHandle aligned =
        library("aligned_alloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    MethodHandle strdup = library("strdup", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    return Kind.each(
        kind -> {
          int lost = 0;
          for (int size : sizes(1 << 20, 6)) {
            long one = (long) malloc.invokeExact((long) size);
            fill(at(one, size), size);
            long two = (long) calloc.invokeExact(1L, (long) size);
            lost += MemoryHelp.zeroed(at(two, size)) ? 0 : 1;
            long three = (long) aligned.invokeExact(64L, (size + 63L) & -64);
            fill(at(three, size), size);
            byte[] name = "n".repeat(size % 5000).getBytes(StandardCharsets.UTF_8);
            try (Arena arena = Arena.ofConfined()) {
              MemorySegment text = arena.allocate(name.length + 1L);
              MemorySegment.copy(name, 0, text, JAVA_BYTE, 0, name.length);
              UNSAFE.freeMemory((long) strdup.invokeExact(text));
            }
            long between = filled(size, 9);
            lost += holds(at(one, size), size) && holds(at(three, size), size) ? 0 : 1;
            UNSAFE.freeMemory(two);
            UNSAFE.freeMemory(one);
            lost += holds(at(between, size), 9) ? 0 : 1;
            UNSAFE.freeMemory(three);
            UNSAFE.freeMemory(between);
          }
          return lost;
        });
  }

  @Case
  static Object grownForOthers() {
    MethodHandle malloc = library("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    MethodHandle free = library("free", FunctionDescriptor.ofVoid(JAVA_LONG));
    return Kind.each(
        kind -> {
          int lost = 0;
          for (int from : sizes(300_000, 7)) {
            for (int to : new int[] {1, 100, 5_000, 70_000, 2_000_000}) {
              long made = (long) malloc.invokeExact((long) from);
              fill(at(made, from), from);
              long address = UNSAFE.reallocateMemory(made, to);
              lost += kept(address, Math.min(from, to), from) ? 0 : 1;
              UNSAFE.freeMemory(address);
            }
            long own = (long) malloc.invokeExact((long) from);
            fill(at(own, from), 3);
            lost += holds(at(own, from), 3) ? 0 : 1;
            free.invokeExact(own);
          }
          return lost;
        });
  }

  // Setting and copying

  @Case
  static Object setsAndCopies() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          long address = UNSAFE.allocateMemory(10_000);
          UNSAFE.setMemory(address, 10_000, (byte) 0x11);
          UNSAFE.setMemory(null, address + 13, 101, (byte) -1);
          UNSAFE.setMemory(address, 0, (byte) 5);
          long sum = 0;
          for (int i = 0; i < 10_000; i++) {
            sum += UNSAFE.getByte(address + i);
          }
          all.add(sum);
          byte[] bytes = new byte[1000];
          int base = Unsafe.ARRAY_BYTE_BASE_OFFSET;
          UNSAFE.copyMemory(null, address + 100, bytes, base, 1000);
          all.add(bytes[13] + bytes[14]);
          fill(ByteBuffer.wrap(bytes), 8);
          UNSAFE.copyMemory(bytes, base, null, address + 1, 1000);
          UNSAFE.copyMemory(address + 1, address + 4, 1000);
          UNSAFE.copyMemory(address + 4, address, 1000);
          UNSAFE.copyMemory(address, address + 5000, 0);
          all.add(holds(at(address, 1000), 8) + " " + UNSAFE.getByte(address + 5000));
          all.add(thrown(() -> UNSAFE.setMemory(address, -1, (byte) 0)));
          all.add(thrown(() -> UNSAFE.copyMemory(address, address, -1)));
          all.add(thrown(() -> UNSAFE.copyMemory(new Object[1], 16, null, address, 8)));
          all.add(thrown(() -> UNSAFE.setMemory("text", 16, 1, (byte) 0)));
          UNSAFE.putAddress(address, address);
          all.add(UNSAFE.getAddress(address) == address && UNSAFE.getLong(address) == address);
          UNSAFE.putInt(address + 1, 77);
          all.add(UNSAFE.getInt(address + 1));
          UNSAFE.freeMemory(address);
          return all;
        });
  }

  /** It isn't direct memory to the JVM, whatever its size. */
  @Case
  static Object figures() {
    Pool before = Pool.now();
    long address = UNSAFE.allocateMemory(1 << 20);
    String held = before.moved().toString();
    UNSAFE.freeMemory(address);
    return held + " " + before.moved() + told(UNSAFE::pageSize) + told(UNSAFE::addressSize);
  }
}

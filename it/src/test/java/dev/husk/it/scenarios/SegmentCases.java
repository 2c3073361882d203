package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.MemoryHelp.collects;
import static dev.husk.it.scenarios.MemoryHelp.crowd;
import static dev.husk.it.scenarios.MemoryHelp.fill;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.inTurn;
import static dev.husk.it.scenarios.MemoryHelp.size;
import static dev.husk.it.scenarios.MemoryHelp.sizes;
import static dev.husk.it.scenarios.MemoryHelp.zeroed;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.husk.it.scenarios.MemoryHelp.Blocks;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Segments of arenas: where they are, what is in them, and what is refused.
 *
 * <p>Run with {@code --enable-native-access=ALL-UNNAMED -XX:MaxDirectMemorySize=256m}.
 */
@SuppressWarnings("restricted")
final class SegmentCases {
  private static final List<Supplier<Arena>> ARENAS =
      List.of(Arena::ofConfined, Arena::ofShared, Arena::ofAuto, Arena::global);

  private SegmentCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(SegmentCases.class, args);
  }

  /** Closes what may be. */
  private static void end(Arena arena) {
    thrown(arena::close);
  }

  private static String withoutAddress(String text) {
    return text.replaceAll("0x[0-9a-f]+", "n");
  }

  // Where they are

  @Case
  static Object alignments() {
    Pool before = Pool.now();
    Object seen =
        Kind.each(
            kind -> {
              List<Object> all = new ArrayList<>();
              for (Supplier<Arena> maker : ARENAS) {
                Arena arena = maker.get();
                Blocks blocks = new Blocks();
                boolean good = true;
                for (long alignment = 1; alignment <= 2 << 20; alignment <<= 1) {
                  for (int size : new int[] {0, 1, 7, 8, 100, 4097, 70_000}) {
                    MemorySegment segment = arena.allocate(size, alignment);
                    good &= segment.address() % alignment == 0 && segment.byteSize() == size;
                    good &= zeroed(segment.asByteBuffer());
                    blocks.add(segment.address(), size);
                    segment.fill((byte) 0x77);
                  }
                }
                all.add(good + " " + blocks.apart() + blocks.aligned(16));
                end(arena);
              }
              return all;
            });
    return seen + " " + before.comesBack();
  }

  @Case
  static Object layouts() {
    return Kind.each(
        kind -> {
          try (Arena arena = Arena.ofConfined()) {
            MemoryLayout aligned = MemoryLayout.sequenceLayout(3, JAVA_INT).withByteAlignment(512);
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              MemorySegment one = arena.allocate(aligned);
              MemorySegment two = arena.allocate(JAVA_LONG, i);
              all.add(one.address() % 512 + one.byteSize() + two.byteSize());
            }
            all.add(arena.allocateFrom(JAVA_INT, 1, 2, 3).getAtIndex(JAVA_INT, 2));
            all.add(arena.allocateFrom(JAVA_LONG, 1L << 40).get(JAVA_LONG, 0));
            all.add(arena.allocateFrom(ValueLayout.JAVA_DOUBLE).byteSize());
            all.add(thrown(() -> arena.allocate(JAVA_LONG, -1)));
            all.add(thrown(() -> arena.allocate(JAVA_LONG, Long.MAX_VALUE / 4)));
            return all;
          }
        });
  }

  @Case
  static Object strings() {
    return Kind.each(
        kind -> {
          try (Arena arena = Arena.ofConfined()) {
            List<Object> all = new ArrayList<>();
            for (String text :
                List.of("", "a", "äöü€", "x".repeat(10_000), "1234567", "12345678")) {
              for (var charset :
                  List.of(
                      StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_32)) {
                MemorySegment segment = arena.allocateFrom(text, charset);
                boolean same = segment.getString(0, charset).equals(text);
                all.add(segment.byteSize() + (same ? "" : " other"));
              }
            }
            all.add(told(() -> arena.allocateFrom("a\0b").byteSize()));
            all.add(thrown(() -> arena.allocateFrom("a", StandardCharsets.ISO_8859_1)));
            MemorySegment small = arena.allocate(4);
            all.add(withoutAddress(thrown(() -> small.setString(0, "four"))));
            small.setString(0, "thr");
            return all + small.getString(0);
          }
        });
  }

  @Case
  static Object slicing() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(1000, 4096);
      SegmentAllocator slices = SegmentAllocator.slicingAllocator(all);
      List<Object> seen = new ArrayList<>();
      for (int[] each :
          new int[][] {{1, 1}, {3, 2}, {0, 64}, {8, 8}, {100, 512}, {0, 1}, {1, 16}}) {
        MemorySegment slice = slices.allocate(each[0], each[1]);
        seen.add(slice.address() - all.address() + "+" + slice.byteSize());
        slice.fill((byte) 1);
      }
      seen.add(withoutAddress(thrown(() -> slices.allocate(400, 1))));
      seen.add(slices.allocate(300).address() - all.address());
      seen.add(thrown(() -> slices.allocate(-1)) + thrown(() -> slices.allocate(1, 3)));
      SegmentAllocator prefix = SegmentAllocator.prefixAllocator(all);
      seen.add(prefix.allocate(10).address() - prefix.allocate(20, 64).address());
      seen.add(withoutAddress(thrown(() -> prefix.allocate(1001))));
      return seen;
    }
  }

  // What is in them

  @Case
  static Object zeroedAfterUse() {
    return crowd(
        number ->
            kind -> {
              int dirty = 0;
              for (int i = 0; i < 4; i++) {
                try (Arena arena = i % 2 == 0 ? Arena.ofConfined() : Arena.ofShared()) {
                  for (int size : sizes(1 << 20, number + i)) {
                    MemorySegment segment = arena.allocate(size, i == 3 ? 64 : 1);
                    dirty += zeroed(segment.asByteBuffer()) ? 0 : 1;
                    segment.fill((byte) 0xEE);
                  }
                }
              }
              return dirty;
            });
  }

  @Case
  static Object large() {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(50_000_001, 1 << 12);
        all.add(zeroed(segment.asByteBuffer()) + " " + segment.address() % 4096);
        segment.fill((byte) 3);
      }
    }
    return all;
  }

  @Case
  static Object contentsStay() {
    return crowd(
        number ->
            kind -> {
              Random random = new Random(number);
              int lost = 0;
              for (int i = 0; i < 300; i++) {
                try (Arena arena = Arena.ofConfined()) {
                  List<ByteBuffer> all = new ArrayList<>();
                  for (int j = 0; j < 10; j++) {
                    MemorySegment segment = arena.allocate(size(random, 20_000), 1L << (j % 8));
                    all.add(fill(segment.asByteBuffer(), j + number));
                  }
                  Thread.yield();
                  for (int j = 0; j < 10; j++) {
                    lost += holds(all.get(j), j + number) ? 0 : 1;
                  }
                }
              }
              return lost;
            });
  }

  @Case
  static Object copies() {
    return Kind.each(
        kind -> {
          try (Arena arena = Arena.ofConfined()) {
            List<Object> all = new ArrayList<>();
            byte[] bytes = new byte[10_000];
            new Random(1).nextBytes(bytes);
            MemorySegment heap = MemorySegment.ofArray(bytes);
            MemorySegment one = arena.allocate(10_000).copyFrom(heap);
            MemorySegment two = arena.allocate(10_001).fill((byte) 9);
            all.add(one.mismatch(heap) + " " + one.mismatch(two));
            MemorySegment.copy(one, 0, two, 0, 10_000);
            all.add(one.mismatch(two) + " " + two.get(JAVA_BYTE, 10_000));
            MemorySegment.copy(two, 0, two, 1, 10_000);
            all.add(two.asSlice(1).mismatch(heap));
            MemorySegment.copy(two, 1, two, 0, 10_000);
            all.add(two.mismatch(heap));
            all.add(Arrays.equals(two.asSlice(0, 10_000).toArray(JAVA_BYTE), bytes));
            all.add(two.asSlice(1).asOverlappingSlice(two.asSlice(0, 5)).orElseThrow().byteSize());
            all.add(one.asOverlappingSlice(two).isPresent());
            all.add(withoutAddress(thrown(() -> one.copyFrom(two))));
            all.add(withoutAddress(thrown(() -> one.asReadOnly().fill((byte) 1))));
            return all;
          }
        });
  }

  // What is refused

  @Case
  static Object badSizes() {
    Pool before = Pool.now();
    StringBuilder all = new StringBuilder();
    long[][] bad = {{-1, 1}, {Long.MIN_VALUE, 8}, {1, 0}, {1, -8}, {1, 3}, {8, Long.MIN_VALUE}};
    for (Supplier<Arena> maker : ARENAS) {
      Arena arena = maker.get();
      for (long[] each : bad) {
        all.append("\n  ").append(thrown(() -> arena.allocate(each[0], each[1])));
      }
      end(arena);
    }
    return all + " " + before.moved();
  }

  @Case
  static Object absurdSizes() {
    Pool before = Pool.now();
    StringBuilder all = new StringBuilder();
    long most = Long.MAX_VALUE;
    long[][] absurd = {{most, 1}, {most - 7, 1}, {most - 20, 4096}, {1L << 62, 8}, {8, 1L << 62}};
    for (Supplier<Arena> maker : List.<Supplier<Arena>>of(Arena::ofConfined, Arena::global)) {
      Arena arena = maker.get();
      for (long[] each : absurd) {
        all.append("\n  ").append(thrown(() -> arena.allocate(each[0], each[1])));
      }
      all.append("\n  ").append(arena.allocate(100).byteSize());
      end(arena);
    }
    return all + " " + before.moved();
  }

  /** What the limit allows and the system doesn't stays reserved. */
  @Case
  static Object absurdSizesOfTheCollector() {
    Pool before = Pool.now();
    List<Object> all = ofCollector(before);
    return all + " " + collects(() -> before.moved().count() == 1) + " " + before.moved();
  }

  private static List<Object> ofCollector(Pool before) {
    Arena arena = Arena.ofAuto();
    List<Object> all = new ArrayList<>();
    long most = Long.MAX_VALUE;
    for (long[] each : new long[][] {{most, 1}, {most - 20, 4096}, {1L << 62, 8}, {300 << 20, 1}}) {
      all.add(before.in(thrown(() -> arena.allocate(each[0], each[1]))));
    }
    all.add(before.moved());
    all.add(thrown(() -> arena.allocate(24, 1L << 61)));
    all.add(before.moved());
    all.add(arena.allocate(100).byteSize());
    Reference.reachabilityFence(arena);
    return all;
  }

  @Case
  static Object outOfBounds() {
    try (Arena arena = Arena.ofConfined()) {
      List<Object> all = new ArrayList<>();
      MemorySegment empty = arena.allocate(0);
      MemorySegment other = arena.allocate(0);
      all.add((empty.address() != 0) + " " + (empty.address() != other.address()));
      all.add(withoutAddress(thrown(() -> empty.get(JAVA_BYTE, 0))));
      MemorySegment nine = arena.allocate(9, 8);
      all.add(withoutAddress(thrown(() -> nine.get(JAVA_LONG, 8))));
      all.add(withoutAddress(thrown(() -> nine.get(JAVA_LONG, 1))));
      all.add(withoutAddress(thrown(() -> nine.asSlice(5, 5))));
      all.add(withoutAddress(nine.toString()));
      return all;
    }
  }

  // By whom else

  @Case
  static Object nativeCalls() {
    Linker linker = Linker.nativeLinker();
    MethodHandle strlen =
        linker.downcallHandle(
            linker.defaultLookup().find("strlen").orElseThrow(),
            FunctionDescriptor.of(JAVA_LONG, ValueLayout.ADDRESS));
    MethodHandle ldiv =
        linker.downcallHandle(
            linker.defaultLookup().find("ldiv").orElseThrow(),
            FunctionDescriptor.of(
                MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG), JAVA_LONG, JAVA_LONG));
    MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().find("close").orElseThrow(),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    return Kind.each(
        kind -> {
          long lengths = 0;
          long quotients = 0;
          int errors = 0;
          for (int i = 0; i < 100; i++) {
            try (Arena arena = i % 2 == 0 ? Arena.ofConfined() : Arena.ofShared()) {
              lengths += (long) strlen.invokeExact(arena.allocateFrom("s".repeat(i * 100)));
              SegmentAllocator allocator = arena;
              MemorySegment pair = (MemorySegment) ldiv.invokeExact(allocator, 1000L + i, 7L);
              quotients += 10 * pair.get(JAVA_LONG, 0) + pair.get(JAVA_LONG, 8);
              MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
              int failed = (int) close.invokeExact(state, -1);
              errors += failed + state.get(JAVA_INT, 0);
            }
          }
          return lengths + " " + quotients + " " + errors;
        });
  }

  @Case
  static Object collected() {
    Pool before = Pool.now();
    Object seen =
        inTurn(
            kind -> {
              for (int i = 0; i < 30; i++) {
                Arena arena = Arena.ofAuto();
                arena.allocate(1000).fill((byte) 1);
                arena.allocate(100_000, 4096).fill((byte) 2);
              }
              return "done";
            });
    return seen + " " + before.comesBack();
  }

  private static MemorySegment[] parts() {
    Arena arena = Arena.ofAuto();
    MemorySegment first = arena.allocate(4000);
    fill(first.asByteBuffer(), 8);
    return new MemorySegment[] {first.asSlice(0, 800).asReadOnly(), arena.allocate(10)};
  }

  /** Whatever comes of an arena keeps all that it has. */
  @Case
  static Object keptByParts() {
    Pool before = Pool.now();
    MemorySegment[] parts = parts();
    ByteBuffer buffer = parts[0].asByteBuffer().slice();
    parts[0] = null;
    Pool after = Pool.now();
    Arena.ofAuto().allocate(200_000);
    boolean other = collects(() -> after.moved().capacity() <= 0);
    String held = before.moved() + " " + holds(buffer, 8);
    parts[1] = null;
    collects(() -> true);
    String still = before.moved() + " " + holds(buffer, 8);
    Reference.reachabilityFence(buffer);
    buffer = null;
    return other + " " + held + " " + still + " " + before.comesBack();
  }
}

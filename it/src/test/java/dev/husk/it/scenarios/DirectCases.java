package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.MemoryHelp.UNSAFE;
import static dev.husk.it.scenarios.MemoryHelp.collects;
import static dev.husk.it.scenarios.MemoryHelp.crowd;
import static dev.husk.it.scenarios.MemoryHelp.direct;
import static dev.husk.it.scenarios.MemoryHelp.fill;
import static dev.husk.it.scenarios.MemoryHelp.free;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.inTurn;
import static dev.husk.it.scenarios.MemoryHelp.size;
import static dev.husk.it.scenarios.MemoryHelp.sizes;
import static dev.husk.it.scenarios.MemoryHelp.zeroed;

import dev.husk.it.scenarios.MemoryHelp.Blocks;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Direct buffers: what is in them, when their memory goes, and what the JVM says of it.
 *
 * <p>Run with {@code -XX:MaxDirectMemorySize=256m}, so that what is too large is so everywhere.
 */
@SuppressWarnings("removal")
final class DirectCases {
  private DirectCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(DirectCases.class, args);
  }

  // What is allocated

  @Case
  static Object buffers() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          for (int size : new int[] {0, 1, 13, 4096}) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(size);
            all.add(buffer + " " + buffer.order() + " " + buffer.isDirect() + buffer.isReadOnly());
            all.add(buffer.hasArray() + thrown(buffer::array) + thrown(() -> buffer.get(size)));
            all.add(buffer.asReadOnlyBuffer() + " " + buffer.asLongBuffer().getClass().getName());
            all.add(buffer.order(ByteOrder.nativeOrder()).asIntBuffer().getClass().getName());
            all.add(MemorySegment.ofBuffer(buffer).isNative());
            all.add(MemorySegment.ofBuffer(buffer).scope().isAlive());
            all.add(MemorySegment.ofBuffer(buffer).byteSize());
            free(buffer);
          }
          return all;
        });
  }

  @Case
  static Object badSizes() {
    Pool before = Pool.now();
    List<Object> all = new ArrayList<>();
    for (int size : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, (256 << 20) + 1}) {
      all.add(before.in(thrown(() -> ByteBuffer.allocateDirect(size))));
    }
    return all + " " + before.moved();
  }

  @Case
  static Object addresses() {
    return Kind.each(
        kind -> {
          List<ByteBuffer> all = new ArrayList<>();
          Blocks blocks = new Blocks();
          for (int i = 0; i < 5; i++) {
            for (int size : sizes(1 << 20, i)) {
              all.add(ByteBuffer.allocateDirect(i == 3 ? 0 : size));
              blocks.add(MemoryHelp.address(all.getLast()), all.getLast().capacity());
            }
          }
          String seen = blocks.apart() + " " + blocks.aligned(16);
          free(all);
          return seen;
        });
  }

  @Case
  static Object manySmallOnes() {
    Pool before = Pool.now();
    String seen =
        Kind.each(
            kind -> {
              Random random = new Random(kind.ordinal());
              List<ByteBuffer> all = new ArrayList<>();
              Blocks blocks = new Blocks();
              for (int i = 0; i < 10_000; i++) {
                all.add(direct(size(random, 600), i));
                blocks.add(MemoryHelp.address(all.getLast()), all.getLast().capacity());
              }
              int held = 0;
              for (int i = 0; i < all.size(); i++) {
                held += holds(all.get(i), i) ? 1 : 0;
              }
              free(all);
              return blocks.apart() + " " + blocks.aligned(16) + " " + held;
            });
    return before.moved() + seen;
  }

  @Case
  static Object alignedSlices() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(100_000);
    StringBuilder all = new StringBuilder();
    for (int unit = 1; unit <= 1 << 18; unit <<= 1) {
      ByteBuffer slice = buffer.position(3).alignedSlice(unit);
      boolean whole = slice.capacity() % unit == 0 && slice.capacity() > 99_997 - 2 * unit;
      boolean begins = slice.capacity() == 0 || slice.alignmentOffset(0, unit) == 0;
      all.append(whole).append(begins ? "" : " askew").append(' ');
    }
    for (int unit : new int[] {0, -1, 3, Integer.MIN_VALUE}) {
      all.append("\n  ").append(thrown(() -> buffer.alignedSlice(unit)));
    }
    all.append("\n  ").append(thrown(() -> buffer.alignmentOffset(-1, 1)));
    all.append("\n  ").append(thrown(() -> ByteBuffer.allocate(8).alignedSlice(2)));
    ByteBuffer empty = ByteBuffer.allocateDirect(0);
    all.append("\n  ").append(empty.alignedSlice(8)).append(empty.alignmentOffset(0, 16));
    free(empty);
    free(buffer);
    return all;
  }

  // What is in it

  @Case
  static Object zeroedAfterUse() {
    return Kind.each(
        kind -> {
          int dirty = 0;
          for (int i = 0; i < 4; i++) {
            List<ByteBuffer> all = new ArrayList<>();
            for (int size : sizes(1 << 22, i)) {
              ByteBuffer buffer = ByteBuffer.allocateDirect(size - i % 2);
              dirty += zeroed(buffer) ? 0 : 1;
              all.add(fill(buffer, i + 1));
            }
            free(all);
          }
          return dirty;
        });
  }

  /** What the one leaves behind may be what the others are given. */
  @Case
  static Object zeroedForOthers() {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int round = i;
      all.add(
          crowd(
              number ->
                  kind -> {
                    int dirty = 0;
                    for (int size : sizes(1 << 17, number + round)) {
                      ByteBuffer buffer = ByteBuffer.allocateDirect(size);
                      dirty += zeroed(buffer) ? 0 : 1;
                      free(fill(buffer, number + 1));
                    }
                    return dirty;
                  }));
    }
    return all;
  }

  @Case
  static Object zeroedWhenLarge() {
    int dirty = 0;
    for (int size : new int[] {20_000_000, 40 << 20, 30_000_001, 64 << 20, 10 << 20, 64 << 20}) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(size);
      dirty += zeroed(buffer) ? 0 : 1;
      MemorySegment.ofBuffer(buffer).fill((byte) 0x55);
      free(buffer);
    }
    return dirty;
  }

  /** Contents stay while others allocate and free, also where a virtual thread changes carriers. */
  @Case
  static Object contentsStay() {
    Pool before = Pool.now();
    Object seen =
        crowd(
            number ->
                kind -> {
                  Random random = new Random(number);
                  ByteBuffer[] all = new ByteBuffer[64];
                  int lost = 0;
                  for (int i = 0; i < 4_000; i++) {
                    int at = random.nextInt(all.length);
                    if (all[at] != null) {
                      lost += holds(all[at], at + number) ? 0 : 1;
                      free(all[at]);
                    }
                    int size = size(random, i % 500 == 0 ? 2_000_000 : 30_000);
                    all[at] = direct(size, at + number);
                    if (random.nextInt(30) == 0) {
                      Thread.yield();
                    }
                  }
                  for (int at = 0; at < all.length; at++) {
                    if (all[at] != null) {
                      lost += holds(all[at], at + number) ? 0 : 1;
                      free(all[at]);
                    }
                  }
                  return lost;
                });
    return seen + " " + before.moved();
  }

  // How it is freed

  private static String cleaned(ByteBuffer buffer) {
    return thrown(() -> UNSAFE.invokeCleaner(buffer));
  }

  @Case
  static Object cleanerOfViews() {
    return inTurn(
        kind -> {
          ByteBuffer buffer = direct(1000, 5);
          Pool with = Pool.now();
          List<Object> all = new ArrayList<>();
          all.add(cleaned(buffer.duplicate()));
          all.add(cleaned(buffer.slice()));
          all.add(cleaned(buffer.slice(0, 1000)));
          all.add(cleaned(buffer.slice().duplicate()));
          all.add(cleaned(buffer.asReadOnlyBuffer()));
          all.add(cleaned(buffer.alignedSlice(1)));
          all.add(cleaned(MemorySegment.ofBuffer(buffer).asByteBuffer()));
          all.add(cleaned(ByteBuffer.allocate(1)));
          all.add(cleaned(ByteBuffer.wrap(new byte[3]).asReadOnlyBuffer()));
          all.add(holds(buffer, 5) + " " + with.moved());
          all.add(cleaned(buffer) + cleaned(buffer) + " " + with.moved());
          return all;
        });
  }

  @Case
  static Object cleanerOfOthers() throws Exception {
    Pool before = Pool.now();
    List<Object> all = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment segment = arena.allocate(100).fill((byte) 7);
      ByteBuffer wrapped = segment.asByteBuffer();
      all.add(cleaned(wrapped) + cleaned(wrapped) + cleaned(wrapped.slice()));
      all.add(segment.get(ValueLayout.JAVA_BYTE, 99) + wrapped.get(0));
    }
    Path file = Files.createTempFile("husk-mapped", null);
    try (FileChannel channel = FileChannel.open(file)) {
      Files.write(file, new byte[] {1, 2, 3});
      ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, 3);
      all.add(mapped.get(2) + cleaned(mapped.slice()) + cleaned(mapped) + cleaned(mapped));
      ByteBuffer empty = channel.map(MapMode.READ_ONLY, 0, 0);
      all.add(empty + cleaned(empty));
    } finally {
      Files.delete(file);
    }
    // The platform's counters are in a buffer that native code makes.
    Class<?> perf = Class.forName("jdk.internal.perf.Perf");
    ByteBuffer made =
        (ByteBuffer)
            perf.getMethod("createLong", String.class, int.class, int.class, long.class)
                .invoke(perf.getMethod("getPerf").invoke(null), "husk.case", 1, 1, 42L);
    all.add(made + cleaned(made) + cleaned(made.duplicate()) + cleaned(made));
    all.add(made.order(ByteOrder.nativeOrder()).getLong(0));
    return all + " " + before.moved();
  }

  @Case
  static Object cleanedByManyAtOnce() {
    Pool before = Pool.now();
    List<ByteBuffer> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(ByteBuffer.allocateDirect(i));
    }
    String held = before.moved().toString();
    Object seen = crowd(number -> kind -> thrown(() -> free(all)));
    return held + " " + seen + " " + before.moved();
  }

  @Case
  static Object cleanedAndThenCollected() {
    Pool before = Pool.now();
    Object seen = inTurn(kind -> madeAndCleaned());
    String cleaned = before.moved().toString();
    dropped(77);
    return seen + " " + cleaned + before.comesBack() + before.moved();
  }

  private static int madeAndCleaned() {
    int sum = 0;
    for (int i = 0; i < 200; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(i);
      sum += buffer.capacity();
      free(buffer);
    }
    return sum;
  }

  /** Allocates what nothing refers to afterwards. */
  private static void dropped(int... sizes) {
    for (int size : sizes) {
      direct(size, size);
    }
  }

  @Case
  static Object collected() {
    Pool before = Pool.now();
    Object seen = inTurn(kind -> thrown(() -> dropped(0, 1, 1000, 70_000, 3_000_000)));
    return seen + " " + before.comesBack();
  }

  /** What follows a collection that has released another buffer sees this one still there. */
  private static String keptBy(UnaryOperator<Object> view) {
    Pool before = Pool.now();
    Object kept = view.apply(direct(5000, 9));
    dropped(300_000);
    boolean other = collects(() -> before.moved().capacity() <= 5000);
    String held = before.moved().toString();
    ByteBuffer read =
        switch (kept) {
          case MemorySegment segment -> segment.asByteBuffer();
          case ByteBuffer buffer -> buffer;
          default -> null;
        };
    boolean same = read == null || holds(read.duplicate().order(ByteOrder.BIG_ENDIAN).clear(), 9);
    Reference.reachabilityFence(kept);
    return other + " " + held + " " + same;
  }

  @Case
  static Object keptByViews() {
    Pool before = Pool.now();
    List<UnaryOperator<Object>> views =
        List.of(
            buffer -> buffer,
            buffer -> ((ByteBuffer) buffer).slice(),
            buffer -> ((ByteBuffer) buffer).slice(0, 4000).slice(0, 3000).duplicate(),
            buffer -> ((ByteBuffer) buffer).asReadOnlyBuffer(),
            buffer -> ((ByteBuffer) buffer).asLongBuffer(),
            buffer -> ((ByteBuffer) buffer).asCharBuffer().asReadOnlyBuffer().slice(),
            buffer -> MemorySegment.ofBuffer((Buffer) buffer),
            buffer -> MemorySegment.ofBuffer((Buffer) buffer).asSlice(0, 96),
            buffer -> MemorySegment.ofBuffer((Buffer) buffer).asByteBuffer());
    StringBuilder all = new StringBuilder();
    for (UnaryOperator<Object> view : views) {
      all.append("\n  ").append(keptBy(view)).append(' ').append(before.comesBack());
    }
    return all;
  }

  // What the JVM says of it

  @Case
  static Object pools() {
    List<Object> all = new ArrayList<>();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      all.add(pool.getName() + " " + pool.getObjectName());
    }
    return all;
  }

  @Case
  static Object figures() {
    return inTurn(
        kind -> {
          Pool before = Pool.now();
          List<Object> all = new ArrayList<>();
          for (int size : new int[] {0, 1, 7, 8, 100, 4095, 1_000_001}) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(size);
            ByteBuffer view = buffer.duplicate().slice();
            all.add(before.moved());
            free(buffer);
            all.add(before.moved().toString() + view.capacity());
          }
          return all;
        });
  }

  /** Only what the collector will release counts, with its alignment, in words. */
  @Case
  static Object figuresOfSegments() {
    return inTurn(
        kind -> {
          Pool before = Pool.now();
          List<Object> all = new ArrayList<>();
          try (Arena confined = Arena.ofConfined();
              Arena shared = Arena.ofShared()) {
            confined.allocate(1000);
            shared.allocate(1000, 64);
            all.add(before.moved());
          }
          Arena.global().allocate(8);
          Arena auto = Arena.ofAuto();
          for (int size : new int[] {0, 1, 7, 8, 9, 1000, 100_001}) {
            for (int alignment : new int[] {1, 16, 32, 4096}) {
              Pool one = Pool.now();
              auto.allocate(size, alignment);
              all.add(one.moved());
            }
          }
          one(auto, all);
          Reference.reachabilityFence(auto);
          auto = null;
          return all + " " + before.comesBack();
        });
  }

  private static void one(Arena auto, List<Object> all) {
    Pool one = Pool.now();
    auto.allocateFrom("hello");
    auto.allocateFrom(ValueLayout.JAVA_SHORT, new short[5]);
    all.add(one.moved());
  }

  /** At rest the figures are exact, whoever freed what; meanwhile they are never below it. */
  @Case
  static Object figuresUnderLoad() throws InterruptedException {
    Pool before = Pool.now();
    List<ByteBuffer> kept = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      kept.add(ByteBuffer.allocateDirect(1000));
    }
    List<Object> below = new ArrayList<>();
    Thread watcher =
        Help.go(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                Pool moved = before.moved();
                if (moved.count() < 100 || moved.capacity() < 100_000 || moved.used() < 100_000) {
                  below.add(moved);
                }
                Thread.yield();
              }
            });
    Object seen =
        crowd(
            number ->
                kind -> {
                  Random random = new Random(number);
                  for (int i = 0; i < 5_000; i++) {
                    free(ByteBuffer.allocateDirect(size(random, 5_000)));
                  }
                  return "done";
                });
    watcher.interrupt();
    String end = Help.ended(watcher);
    String rest = before.moved().toString();
    free(kept);
    return seen + end + below + rest + " " + before.moved();
  }
}

package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.MemoryHelp.UNSAFE;
import static dev.husk.it.scenarios.MemoryHelp.crowd;
import static dev.husk.it.scenarios.MemoryHelp.direct;
import static dev.husk.it.scenarios.MemoryHelp.fill;
import static dev.husk.it.scenarios.MemoryHelp.free;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.inTurn;
import static dev.husk.it.scenarios.MemoryHelp.settled;
import static dev.husk.it.scenarios.MemoryHelp.size;
import static dev.husk.it.scenarios.MemoryHelp.sizes;
import static dev.husk.it.scenarios.MemoryHelp.zeroed;

import dev.husk.it.scenarios.MemoryHelp.Blocks;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Direct memory at the beginnings of pages, where the JVM is told so.
 *
 * <p>Run with {@code -Dsun.nio.PageAlignDirectMemory=true -XX:MaxDirectMemorySize=16m}.
 */
@SuppressWarnings("removal")
final class PageAlignedCases {
  private static final int PAGE = 4096;

  private PageAlignedCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(PageAlignedCases.class, args);
  }

  @Case
  static Object addresses() {
    return Kind.each(
        kind -> {
          List<ByteBuffer> all = new ArrayList<>();
          Blocks blocks = new Blocks();
          for (int i = 0; i < 4; i++) {
            for (int size : sizes(100_000, i)) {
              all.add(direct(i == 3 ? 0 : size, size));
              blocks.add(MemoryHelp.address(all.getLast()), all.getLast().capacity());
            }
          }
          boolean held =
              all.stream().allMatch(each -> each.limit() == 0 || holds(each, each.limit()));
          free(all);
          return UNSAFE.pageSize() + " " + blocks.apart() + blocks.aligned(PAGE) + held;
        });
  }

  @Case
  static Object segments() {
    Pool before = Pool.now();
    Object seen =
        Kind.each(
            kind -> {
              List<Object> all = new ArrayList<>();
              try (Arena confined = Arena.ofConfined();
                  Arena shared = Arena.ofShared()) {
                for (Arena arena : List.of(confined, shared, Arena.ofAuto(), Arena.global())) {
                  Blocks blocks = new Blocks();
                  boolean zero = true;
                  for (int size : new int[] {0, 1, 8, 100, 4096, 5000}) {
                    for (int alignment : new int[] {1, 8, 64, 4096, 65_536}) {
                      MemorySegment segment = arena.allocate(size, alignment);
                      blocks.add(segment.address(), size);
                      zero &= zeroed(segment.asByteBuffer()) && segment.address() % alignment == 0;
                      segment.fill((byte) 1);
                    }
                    blocks.add(arena.allocateFrom("x".repeat(size)).address(), size + 1);
                  }
                  all.add(blocks.apart() + " " + blocks.aligned(PAGE) + " " + zero);
                }
              }
              return all;
            });
    return before.comesBack() + " " + seen;
  }

  /** Memory for a moment, and what is asked of Unsafe, is as ever. */
  @Case
  static Object others() throws Exception {
    Pool before = Pool.now();
    Path path = Files.createTempFile("husk-aligned", null);
    boolean same;
    try (FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      file.write(fill(ByteBuffer.allocate(100_001), 4), 0);
      ByteBuffer back = ByteBuffer.allocate(100_001);
      same = file.read(back, 0) == 100_001 && holds(back, 4);
    }
    List<Long> addresses = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      addresses.add(UNSAFE.allocateMemory(100));
    }
    boolean anywhere = addresses.stream().anyMatch(address -> address % PAGE != 0);
    addresses.forEach(UNSAFE::freeMemory);
    return same + " " + anywhere + " " + before.moved();
  }

  @Case
  static Object figures() {
    return inTurn(
        kind -> {
          Pool before = Pool.now();
          List<Object> all = new ArrayList<>();
          for (int size : new int[] {0, 1, 100, 4095, 4096, 4097, 1_000_000}) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(size);
            all.add(before.moved());
            free(buffer);
          }
          all.add(before.moved());
          return all;
        });
  }

  @Case
  static Object figuresOfSegments() {
    return inTurn(
        kind -> {
          Pool before = Pool.now();
          Arena auto = Arena.ofAuto();
          List<Object> all = new ArrayList<>();
          for (int size : new int[] {0, 9, 4096, 100_001}) {
            for (int alignment : new int[] {1, 4096, 8192}) {
              Pool one = Pool.now();
              auto.allocate(size, alignment);
              all.add(one.moved());
            }
          }
          Pool one = Pool.now();
          auto.allocateFrom("name");
          all.add(one.moved());
          Reference.reachabilityFence(auto);
          auto = null;
          return all + " " + before.comesBack();
        });
  }

  /** The limit is about capacities: what the pages take beyond that fits always. */
  @Case
  static Object limit() {
    settled();
    Pool before = Pool.now();
    int room = (16 << 20) - (int) before.capacity();
    return inTurn(
        kind -> {
          List<ByteBuffer> all = new ArrayList<>();
          for (int i = 0; i < 1000; i++) {
            all.add(ByteBuffer.allocateDirect(1));
          }
          all.add(ByteBuffer.allocateDirect(room - 1000));
          String full = before.in(thrown(() -> ByteBuffer.allocateDirect(1)));
          all.add(ByteBuffer.allocateDirect(0));
          Pool held = before.moved();
          boolean good = all.stream().allMatch(MemoryHelp::zeroed);
          free(all);
          return full + " " + held + good + before.moved();
        });
  }

  @Case
  static Object zeroedAfterUse() {
    Pool before = Pool.now();
    Object seen =
        crowd(
            number ->
                kind -> {
                  int dirty = 0;
                  for (int i = 0; i < 3; i++) {
                    for (int size : sizes(1 << 20, number + i)) {
                      ByteBuffer buffer = ByteBuffer.allocateDirect(size);
                      dirty += zeroed(buffer) ? 0 : 1;
                      free(fill(buffer, number + 1));
                    }
                  }
                  return dirty;
                });
    return seen + " " + before.moved();
  }

  @Case
  static Object contentsStay() {
    Pool before = Pool.now();
    Object seen =
        crowd(
            number ->
                kind -> {
                  Random random = new Random(number);
                  ByteBuffer[] all = new ByteBuffer[32];
                  int lost = 0;
                  for (int i = 0; i < 2_000; i++) {
                    int at = random.nextInt(all.length);
                    if (all[at] != null) {
                      lost += holds(all[at], at + number) ? 0 : 1;
                      free(all[at]);
                    }
                    all[at] = direct(size(random, 20_000), at + number);
                    if (random.nextInt(30) == 0) {
                      Thread.yield();
                    }
                  }
                  for (ByteBuffer each : all) {
                    if (each != null) {
                      free(each);
                    }
                  }
                  return lost;
                });
    return seen + " " + before.moved();
  }

  @Case
  static Object views() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
    String seen =
        buffer.alignedSlice(PAGE)
            + " "
            + buffer.position(1).alignedSlice(PAGE)
            + buffer.alignmentOffset(100, PAGE)
            + thrown(() -> free(buffer.slice()))
            + thrown(() -> free(buffer))
            + thrown(() -> free(buffer));
    return seen;
  }

  @Case
  static Object collected() {
    Pool before = Pool.now();
    Object seen =
        inTurn(
            kind -> {
              for (int i = 0; i < 100; i++) {
                direct(1 << 20, i);
              }
              return "done";
            });
    return seen + " " + before.comesBack();
  }
}

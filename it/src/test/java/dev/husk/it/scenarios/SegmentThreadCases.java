package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.MemoryHelp.collects;
import static dev.husk.it.scenarios.MemoryHelp.crowd;
import static dev.husk.it.scenarios.MemoryHelp.fill;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.inTurn;
import static dev.husk.it.scenarios.MemoryHelp.size;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.MemoryHelp.Blocks;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Arenas that are closed, by whomever, with what is done at that moment.
 *
 * <p>Run with {@code --enable-native-access=ALL-UNNAMED -XX:MaxDirectMemorySize=256m}.
 */
@SuppressWarnings("restricted")
final class SegmentThreadCases {
  private SegmentThreadCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(SegmentThreadCases.class, args);
  }

  // After the end

  @Case
  static Object closed() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          for (Supplier<Arena> maker :
              List.<Supplier<Arena>>of(Arena::ofConfined, Arena::ofShared)) {
            Arena arena = maker.get();
            MemorySegment segment = arena.allocate(100);
            MemorySegment slice = segment.asSlice(8, 8);
            ByteBuffer buffer = segment.asByteBuffer();
            MemorySegment longer = segment.reinterpret(200);
            MemorySegment free = MemorySegment.ofAddress(segment.address()).reinterpret(8);
            all.add(arena.scope().isAlive() + " " + free.scope().isAlive());
            arena.close();
            all.add(thrown(() -> segment.get(JAVA_LONG, 0)));
            all.add(thrown(() -> slice.set(JAVA_BYTE, 0, (byte) 1)));
            all.add(thrown(() -> buffer.get(0)) + thrown(() -> buffer.putLong(0, 1)));
            all.add(thrown(() -> longer.fill((byte) 1)));
            all.add(thrown(() -> arena.allocate(1)) + thrown(arena::close));
            all.add(thrown(() -> arena.allocate(-1)));
            all.add(thrown(() -> segment.reinterpret(arena, null)));
            all.add(arena.scope().isAlive() + " " + free.scope().isAlive());
            all.add(segment.byteSize() + segment.asSlice(0, 8).byteSize());
            all.add(thrown(() -> segment.asByteBuffer().get()));
          }
          return all;
        });
  }

  @Case
  static Object neverClosed() {
    List<Object> all = new ArrayList<>();
    for (Arena arena : List.of(Arena.global(), Arena.ofAuto())) {
      MemorySegment segment = arena.allocate(10);
      all.add(thrown(arena::close) + thrown(() -> segment.fill((byte) 1)));
      all.add(arena.scope().isAlive());
    }
    return all;
  }

  @Case
  static Object ofAnother() {
    StringBuilder all = new StringBuilder();
    for (Kind owner : Kind.values()) {
      for (Kind other : Kind.values()) {
        Object seen =
            owner
                .begin(
                    k -> {
                      try (Arena arena = Arena.ofConfined()) {
                        MemorySegment segment = arena.allocate(8);
                        segment.set(JAVA_LONG, 0, 5);
                        return other.begin(o -> refusals(arena, segment)).end()
                            + segment.get(JAVA_LONG, 0);
                      }
                    })
                .end();
        all.append("\n  ").append(owner).append(" to ").append(other).append(": ").append(seen);
      }
    }
    return all;
  }

  private static Object refusals(Arena arena, MemorySegment segment) {
    List<String> all = new ArrayList<>();
    all.add(thrown(() -> segment.get(JAVA_LONG, 0)));
    all.add(thrown(() -> arena.allocate(1)));
    all.add(thrown(arena::close));
    all.add(thrown(() -> segment.asByteBuffer().get(0)));
    all.add(thrown(() -> segment.copyFrom(MemorySegment.ofArray(new byte[1]))));
    return all.stream().distinct().toList() + thrown(() -> segment.asSlice(0, 4).byteSize());
  }

  // By others

  /** Allocated in one thread, written in another, closed in a third. */
  @Case
  static Object closedElsewhere() {
    StringBuilder all = new StringBuilder();
    for (Kind from : Kind.values()) {
      for (Kind to : Kind.values()) {
        BlockingQueue<Arena> arenas = new ArrayBlockingQueue<>(10);
        BlockingQueue<MemorySegment> segments = new ArrayBlockingQueue<>(10);
        Meanwhile maker =
            from.begin(
                k -> {
                  Random random = new Random(5);
                  for (int i = 0; i < 60; i++) {
                    Arena arena = Arena.ofShared();
                    MemorySegment segment = arena.allocate(size(random, 30_000), 1L << (i % 10));
                    fill(segment.asByteBuffer(), i);
                    segments.put(segment);
                    arenas.put(arena);
                  }
                  return "made";
                });
        Meanwhile closer =
            to.begin(
                k -> {
                  int lost = 0;
                  for (int i = 0; i < 60; i++) {
                    MemorySegment segment = segments.take();
                    lost += holds(segment.asByteBuffer(), i) ? 0 : 1;
                    arenas.take().close();
                    lost += segment.scope().isAlive() ? 1 : 0;
                  }
                  return lost;
                });
        all.append("\n  ").append(from).append(" to ").append(to).append(": ");
        all.append(maker.end()).append(closer.end());
      }
    }
    return all;
  }

  /** Those who use it meanwhile see all of it or its end. */
  @Case
  static Object closedWhileUsed() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            Arena arena = Arena.ofShared();
            MemorySegment segment = arena.allocate(800).fill((byte) 1);
            List<Meanwhile> users = new ArrayList<>();
            for (int j = 0; j < 3; j++) {
              users.add(Kind.values()[j].begin(k -> used(segment)));
            }
            Help.pause(2);
            arena.close();
            // Whoever is given the memory next must not be seen.
            try (Arena next = Arena.ofConfined()) {
              next.allocate(800).fill((byte) 2);
              users.forEach(user -> all.add(user.end()));
            }
          }
          return all.stream().distinct().toList();
        });
  }

  private static Object used(MemorySegment segment) {
    Random random = new Random(1);
    try {
      for (long at = 0; ; at = (at + 8) % 800) {
        if (segment.get(JAVA_LONG, at) != 0x0101010101010101L) {
          return "another's";
        }
        if (at == 0) {
          Help.pause(random.nextInt(2));
        }
      }
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  @Case
  static Object closedByManyAtOnce() {
    int closed = 0;
    for (int i = 0; i < 20; i++) {
      Arena arena = Arena.ofShared();
      arena.allocate(3000);
      List<Meanwhile> closers = new ArrayList<>();
      for (int j = 0; j < 6; j++) {
        closers.add(Kind.values()[j % 3].begin(k -> thrown(arena::close)));
      }
      for (Meanwhile closer : closers) {
        String end = closer.end();
        if (end.equals("nothing")) {
          closed++;
        } else if (!end.equals("java.lang.IllegalStateException \"Already closed\"")) {
          return end;
        }
      }
    }
    return closed;
  }

  @Case
  static Object closedWhileAllocating() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            Arena arena = Arena.ofShared();
            Meanwhile allocator =
                kind.begin(
                    k -> {
                      for (int j = 0; j < 1_000; j++) {
                        for (int size = 0; size < 50; size++) {
                          arena.allocate(size);
                        }
                        Help.pause(1);
                      }
                      return "not closed";
                    });
            Help.pause(1);
            arena.close();
            all.add(allocator.end());
          }
          return all.stream().distinct().toList();
        });
  }

  @Case
  static Object sharedByMany() throws InterruptedException {
    Arena arena = Arena.ofShared();
    List<MemorySegment> segments = new CopyOnWriteArrayList<>();
    Object seen =
        crowd(
            number ->
                kind -> {
                  for (int i = 0; i < 200; i++) {
                    MemorySegment segment = arena.allocate(100 + i, 1L << (i % 8));
                    fill(segment.asByteBuffer(), 100 + i);
                    segments.add(segment);
                  }
                  return "done";
                });
    Blocks blocks = new Blocks();
    int good = 0;
    for (MemorySegment segment : segments) {
      blocks.add(segment.address(), segment.byteSize());
      good += holds(segment.asByteBuffer(), (int) segment.byteSize()) ? 1 : 0;
    }
    String end = ended(Help.go(arena::close));
    return seen + " " + good + blocks.apart() + " " + end;
  }

  /**
   * What the kernel is about to fill can't be closed; a virtual thread gives it none to fill yet.
   */
  @Case
  static Object closedWhileRead() {
    return Kind.each(
        kind -> {
          Pipe pipe = Pipe.open();
          Arena arena = Arena.ofShared();
          MemorySegment segment = arena.allocate(100);
          Meanwhile reader = kind.begin(k -> pipe.source().read(segment.asByteBuffer()));
          Help.until(() -> Help.blocks(reader.thread()));
          Help.pause(60);
          String seen = thrown(arena::close) + arena.scope().isAlive();
          pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
          seen += reader.end() + thrown(arena::close) + thrown(() -> segment.fill((byte) 1));
          pipe.sink().close();
          pipe.source().close();
          return seen;
        });
  }

  // What is done then

  private static String cleanups(Arena arena) {
    List<Object> seen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      long address = 1000 + i;
      MemorySegment.ofAddress(address)
          .reinterpret(
              50 + i,
              arena,
              end -> {
                boolean same = end.address() == address && end.byteSize() == 50 + number;
                seen.add(number + (same && end.scope().isAlive() ? "" : " other"));
                if (number == 1 || number == 2) {
                  throw new IllegalArgumentException("from " + number);
                }
              });
    }
    seen.add("closing");
    try {
      arena.close();
    } catch (IllegalArgumentException e) {
      seen.add(e.getMessage());
      for (Throwable other : e.getSuppressed()) {
        seen.add(other.getMessage());
      }
    }
    return seen.toString() + arena.scope().isAlive();
  }

  /** The last comes first, but for the very first of a confined arena. */
  @Case
  static Object cleanups() {
    return Kind.each(kind -> cleanups(Arena.ofConfined()) + cleanups(Arena.ofShared()));
  }

  /** What is behind a segment is there until its own clean-up has seen it. */
  @Case
  static Object cleanupsThatRead() {
    return Kind.each(
        kind -> {
          List<Object> seen = new ArrayList<>();
          for (Arena arena : List.of(Arena.ofConfined(), Arena.ofShared())) {
            arena.allocate(8);
            for (int i = 0; i < 5; i++) {
              int number = i;
              MemorySegment segment = arena.allocate(1000 * i + 8);
              fill(segment.asByteBuffer(), i);
              segment.reinterpret(arena, end -> seen.add(holds(end.asByteBuffer(), number)));
            }
            arena.close();
          }
          return seen;
        });
  }

  @Case
  static Object cleanupsThatAllocate() {
    return Kind.each(
        kind -> {
          List<Object> seen = new ArrayList<>();
          for (Arena arena : List.of(Arena.ofConfined(), Arena.ofShared())) {
            Arena other = Arena.ofShared();
            arena
                .allocate(10)
                .reinterpret(
                    arena,
                    end -> {
                      seen.add(thrown(() -> arena.allocate(1)));
                      seen.add(told(() -> other.allocate(5000).byteSize()));
                      seen.add(thrown(arena::close));
                      seen.add(thrown(other::close));
                    });
            seen.add(thrown(arena::close));
          }
          return seen;
        });
  }

  private static final List<Object> COLLECTED = new CopyOnWriteArrayList<>();

  private static void dropped() {
    Arena arena = Arena.ofAuto();
    MemorySegment segment = arena.allocate(500);
    fill(segment.asByteBuffer(), 4);
    segment.reinterpret(
        arena,
        end -> {
          try (Arena other = Arena.ofConfined()) {
            COLLECTED.add(other.allocate(100_000).byteSize());
          }
          COLLECTED.add(holds(end.asByteBuffer(), 4));
        });
  }

  @Case
  static Object cleanupsByTheCollector() {
    Pool before = Pool.now();
    Object seen = inTurn(kind -> thrown(SegmentThreadCases::dropped));
    return seen + " " + collects(() -> COLLECTED.size() == 6) + COLLECTED + before.comesBack();
  }

  /** An app's own arena hands out what another has, with its own order of things. */
  private record Counting(Arena arena, List<Object> seen) implements Arena {
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
      seen.add(byteSize + "/" + byteAlignment);
      return arena.allocate(byteSize + 8, byteAlignment).asSlice(0, byteSize);
    }

    @Override
    public MemorySegment.Scope scope() {
      return arena.scope();
    }

    @Override
    public void close() {
      seen.add("closed");
      arena.close();
    }
  }

  @Case
  static Object arenaOfAnApp() {
    return Kind.each(
        kind -> {
          List<Object> seen = new ArrayList<>();
          try (Arena arena = new Counting(Arena.ofConfined(), seen)) {
            seen.add(arena.allocateFrom("name").getString(0));
            seen.add(arena.allocate(JAVA_LONG, 3).byteSize());
          }
          return seen;
        });
  }

  /** Files that are mapped are no concern of an allocator's. */
  @Case
  static Object mapped() {
    return Kind.each(
        kind -> {
          Path path = Files.createTempFile("husk-mapped", null);
          try (FileChannel file =
                  FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
              Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = file.map(MapMode.READ_WRITE, 0, 10_000, arena);
            MemorySegment beside = arena.allocate(10_000).fill((byte) 4);
            mapped.copyFrom(beside).force();
            return mapped.isMapped() + " " + beside.isMapped() + mapped.mismatch(beside);
          } finally {
            Files.delete(path);
          }
        });
  }
}

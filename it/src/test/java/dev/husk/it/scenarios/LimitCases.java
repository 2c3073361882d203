package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.MemoryHelp.UNSAFE;
import static dev.husk.it.scenarios.MemoryHelp.crowd;
import static dev.husk.it.scenarios.MemoryHelp.direct;
import static dev.husk.it.scenarios.MemoryHelp.free;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.inTurn;
import static dev.husk.it.scenarios.MemoryHelp.settled;
import static dev.husk.it.scenarios.MemoryHelp.zeroed;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import java.lang.Thread.State;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The limit of direct memory is exact, and what happens there.
 *
 * <p>Run with {@code -XX:MaxDirectMemorySize=64m -Xmx128m}.
 */
@SuppressWarnings("removal")
final class LimitCases {
  private static final long LIMIT = 64 << 20;

  private LimitCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LimitCases.class, args);
  }

  /** What there is room for. */
  private static int room() {
    return (int) (LIMIT - Pool.now().capacity());
  }

  private static String refused(int size) {
    return thrown(() -> ByteBuffer.allocateDirect(size));
  }

  // Where it is

  @Case
  static Object lastByte() {
    Pool before = Pool.now();
    int room = room();
    String seen =
        inTurn(
            kind -> {
              ByteBuffer most = ByteBuffer.allocateDirect(room - 1);
              ByteBuffer last = ByteBuffer.allocateDirect(1);
              String one = before.in(refused(1));
              free(last);
              ByteBuffer other = ByteBuffer.allocateDirect(1);
              free(most);
              String more = before.in(refused(room));
              ByteBuffer again = ByteBuffer.allocateDirect(room - 1);
              free(List.of(again, other));
              return one + " " + more + " " + before.moved();
            });
    return room + seen;
  }

  @Case
  static Object tooLarge() {
    Pool before = Pool.now();
    List<Object> all = new ArrayList<>();
    int room = room();
    for (int size : new int[] {room + 1, room + 2, 100 << 20, Integer.MAX_VALUE}) {
      all.add(before.in(refused(size)) + before.moved());
    }
    return all;
  }

  /** What has no capacity fits always, though it counts and takes a byte. */
  @Case
  static Object emptyBuffers() {
    Pool before = Pool.now();
    List<ByteBuffer> all = new ArrayList<>();
    all.add(ByteBuffer.allocateDirect(room()));
    for (int i = 0; i < 1000; i++) {
      all.add(ByteBuffer.allocateDirect(0));
    }
    String held = before.in(refused(1));
    free(all);
    return held + " " + before.moved();
  }

  /** Odd sizes count as they are, with nothing for their place in memory. */
  @Case
  static Object manySmallOnes() {
    Pool before = Pool.now();
    List<ByteBuffer> all = new ArrayList<>();
    int room = room();
    ByteBuffer most = ByteBuffer.allocateDirect(room - 10_000);
    Random random = new Random(1);
    int left = 10_000;
    while (left > 0) {
      int size = Math.min(left, 1 + random.nextInt(20));
      all.add(ByteBuffer.allocateDirect(size));
      left -= size;
    }
    String full = before.in(refused(1));
    free(all.removeLast());
    all.add(ByteBuffer.allocateDirect(1));
    String held = before.moved().count() + " " + all.size();
    free(all);
    free(most);
    return full + " " + held + " " + before.moved();
  }

  // Segments

  @Case
  static Object segmentsOfTheCollector() {
    Pool before = Pool.now();
    return inTurn(kind -> ofCollector(before) + " " + before.comesBack());
  }

  private static Object ofCollector(Pool before) {
    List<Object> all = new ArrayList<>();
    int room = room();
    ByteBuffer most = ByteBuffer.allocateDirect(room - 100);
    Arena auto = Arena.ofAuto();
    auto.allocate(99, 4096);
    all.add(before.moved().capacity() == room - 1);
    all.add(before.in(thrown(() -> auto.allocate(2))));
    all.add(before.in(thrown(() -> auto.allocate(1 << 20, 4096))));
    auto.allocate(0);
    all.add(before.in(thrown(() -> auto.allocate(0))));
    all.add(before.in(thrown(() -> auto.allocateFrom("name"))));
    free(most);
    Reference.reachabilityFence(auto);
    return all;
  }

  /** The limit isn't about what is closed, nor about what is never released. */
  @Case
  static Object segmentsOfOthers() {
    Pool before = Pool.now();
    ByteBuffer most = ByteBuffer.allocateDirect(room());
    List<Object> all = new ArrayList<>();
    try (Arena confined = Arena.ofConfined();
        Arena shared = Arena.ofShared()) {
      all.add(confined.allocate(40 << 20).byteSize() + shared.allocate(40 << 20).byteSize());
      all.add(Arena.global().allocate(100).byteSize());
      all.add(before.moved().count());
    }
    long address = UNSAFE.allocateMemory(40 << 20);
    UNSAFE.freeMemory(address);
    free(most);
    return all + " " + before.moved();
  }

  @Case
  static Object filesAtTheLimit() throws Exception {
    Pool before = Pool.now();
    ByteBuffer most = ByteBuffer.allocateDirect(room());
    Path path = Files.createTempFile("husk-limit", null);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int written = file.write(ByteBuffer.allocate(3_000_000));
      ByteBuffer mapped = file.map(MapMode.READ_WRITE, 0, 10_000_000);
      String seen = written + " " + mapped.capacity() + zeroed(mapped);
      free(mapped);
      free(most);
      return seen + " " + before.moved();
    } finally {
      Files.delete(path);
    }
  }

  // Getting on

  private static List<ByteBuffer> full(int part) {
    List<ByteBuffer> all = new ArrayList<>();
    for (int left = room(); left > 0; left -= part) {
      all.add(direct(Math.min(left, part), 3));
    }
    return all;
  }

  /** What was dropped is collected in time. */
  @Case
  static Object afterDropping() {
    settled();
    Pool before = Pool.now();
    Object seen =
        inTurn(
            kind -> {
              boolean good = true;
              for (int i = 0; i < 4; i++) {
                good &= full(1 << (18 + i)).stream().allMatch(buffer -> holds(buffer, 3));
              }
              return good;
            });
    return seen + " " + before.comesBack();
  }

  @Case
  static Object segmentsAfterDropping() {
    settled();
    Pool before = Pool.now();
    Object seen =
        inTurn(
            kind -> {
              for (int i = 0; i < 40; i++) {
                Arena.ofAuto().allocate(10 << 20, 64).fill((byte) i);
              }
              return "done";
            });
    return seen + " " + before.comesBack();
  }

  /** What each of many drops is there for any, as long as not too much is held at once. */
  @Case
  static Object manyThatDrop() {
    settled();
    Pool before = Pool.now();
    Object seen =
        crowd(
            number ->
                kind -> {
                  ByteBuffer held = null;
                  for (int i = 0; i < 40; i++) {
                    held = direct(1 << 20, i);
                  }
                  return holds(held, 39);
                });
    return seen + " " + before.comesBack();
  }

  @Case
  static Object freedWhileOneWaits() {
    return inTurn(
        kind -> {
          // The wait is bounded: a busy machine gets more than one chance.
          String seen = "";
          for (int i = 0; i < 5 && !seen.startsWith("got"); i++) {
            ByteBuffer most = ByteBuffer.allocateDirect(room());
            Meanwhile waiter = waiter(kind, 1000, false);
            asleep(waiter);
            free(most);
            seen = waiter.end();
          }
          return seen;
        });
  }

  private static Meanwhile waiter(Kind kind, int size, boolean interrupted) {
    return kind.begin(
        k -> {
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
          String seen = thrown(() -> free(ByteBuffer.allocateDirect(size)));
          return seen.replace("nothing", "got it") + " " + Thread.currentThread().isInterrupted();
        });
  }

  private static void asleep(Meanwhile waiter) {
    Help.until(() -> waiter.thread().getState() == State.TIMED_WAITING || !waiter.goesOn());
  }

  @Case
  static Object interruptedBefore() {
    Pool before = Pool.now();
    ByteBuffer most = ByteBuffer.allocateDirect(room() - 10);
    Object seen =
        inTurn(
            kind -> before.in(waiter(kind, 11, true).end()) + " " + waiter(kind, 10, true).end());
    free(most);
    return seen;
  }

  @Case
  static Object interruptedWhileWaiting() {
    Pool before = Pool.now();
    ByteBuffer most = ByteBuffer.allocateDirect(room());
    Object seen =
        inTurn(
            kind -> {
              String end = "";
              for (int i = 0; i < 5 && !end.endsWith("true"); i++) {
                Meanwhile waiter = waiter(kind, 7, false);
                asleep(waiter);
                waiter.thread().interrupt();
                end = before.in(waiter.end());
              }
              return end;
            });
    free(most);
    return seen;
  }

  // Many at the limit

  /** Each may have its part, so none is ever refused, however the parts change hands. */
  @Case
  static Object allHaveTheirPart() {
    settled();
    Pool before = Pool.now();
    int part = room() / 6;
    Object seen =
        crowd(
            number ->
                kind -> {
                  Random random = new Random(number);
                  for (int i = 0; i < 20; i++) {
                    int first = 1 + random.nextInt(part - 1);
                    ByteBuffer one = ByteBuffer.allocateDirect(first);
                    ByteBuffer two = ByteBuffer.allocateDirect(i % 4 == 0 ? part - first : 0);
                    free(two);
                    free(one);
                  }
                  return "never refused";
                });
    return seen + " " + before.moved();
  }

  /** They all take their whole part, meet, see that nothing is left, and give it back. */
  @Case
  static Object allFillIt() {
    settled();
    Pool before = Pool.now();
    int room = room();
    int part = room / 6;
    AtomicLong moved = new AtomicLong();
    CyclicBarrier meeting =
        new CyclicBarrier(6, () -> moved.addAndGet(before.moved().capacity() - 6 * part));
    Object seen =
        crowd(
            number ->
                kind -> {
                  for (int i = 0; i < 8; i++) {
                    ByteBuffer one = ByteBuffer.allocateDirect(part - 5 * i);
                    ByteBuffer two = ByteBuffer.allocateDirect(5 * i);
                    meeting.await();
                    free(one);
                    free(two);
                    meeting.await();
                  }
                  return "never refused";
                });
    // Every other meeting finds nothing.
    return seen + " " + (moved.get() == -8L * 6 * part) + " " + before.moved();
  }

  /** One takes what another gives back in its place: there is never more than the limit. */
  @Case
  static Object handedOver() throws InterruptedException {
    settled();
    Pool before = Pool.now();
    int part = room() / 8;
    BlockingQueue<ByteBuffer> queue = new ArrayBlockingQueue<>(8);
    for (int i = 0; i < 8; i++) {
      queue.put(direct(part, 1));
    }
    Object seen =
        crowd(
            number ->
                kind -> {
                  for (int i = 0; i < 15; i++) {
                    ByteBuffer taken = queue.take();
                    boolean good = holds(taken.slice(0, 96), 1);
                    free(taken);
                    ByteBuffer next = ByteBuffer.allocateDirect(part);
                    MemoryHelp.fill(next.slice(0, 96), 1);
                    queue.put(next);
                    if (!good) {
                      return "lost";
                    }
                  }
                  return "never refused";
                });
    String full = before.in(refused(room() + 1)).replaceAll("reserve \\d+", "reserve n");
    queue.forEach(MemoryHelp::free);
    return seen + " " + full + " " + before.moved();
  }

  /** More than fits is asked for: some are refused, and nobody is ever given too much. */
  @Case
  static Object notAllFit() throws InterruptedException {
    settled();
    Pool before = Pool.now();
    int room = room();
    AtomicBoolean above = new AtomicBoolean();
    List<Object> wrong = new CopyOnWriteArrayList<>();
    Thread watcher =
        Help.go(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                if (Pool.now().capacity() > LIMIT) {
                  above.set(true);
                }
                Thread.yield();
              }
            });
    AtomicLong held = new AtomicLong();
    Object seen =
        crowd(
            number ->
                kind -> {
                  for (int i = 0; i < 6; i++) {
                    try {
                      ByteBuffer buffer = ByteBuffer.allocateDirect(room / 4);
                      if (held.incrementAndGet() > 4) {
                        wrong.add("more than four");
                      }
                      Help.pause(5);
                      held.decrementAndGet();
                      free(buffer);
                    } catch (OutOfMemoryError e) {
                      if (!e.getMessage().contains(", limit: " + LIMIT + ")")) {
                        wrong.add(e);
                      }
                    }
                  }
                  return "done";
                });
    watcher.interrupt();
    String end = ended(watcher);
    return seen + end + wrong + above + " " + before.moved();
  }

  /** After all of that, the limit is where it was. */
  @Case
  static Object whereItWas() {
    settled();
    Pool before = Pool.now();
    int room = room();
    Object crowded =
        crowd(
            number ->
                kind -> {
                  List<ByteBuffer> all = new ArrayList<>();
                  for (int i = 0; i < 300; i++) {
                    all.add(ByteBuffer.allocateDirect(i % 37));
                  }
                  return kind.begin(k -> thrown(() -> free(all))).end();
                });
    String seen =
        inTurn(
            kind -> {
              ByteBuffer all = ByteBuffer.allocateDirect(room);
              String full = before.in(refused(1));
              free(all);
              return full + before.in(refused(room + 1));
            });
    return room + " " + crowded + before.moved() + seen;
  }
}

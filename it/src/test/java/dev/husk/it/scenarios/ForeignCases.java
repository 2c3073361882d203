package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.thrown;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Foreign memory that belongs to a thread, and calls out of and back into the JVM. */
@SuppressWarnings("restricted")
final class ForeignCases {
  private ForeignCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(ForeignCases.class, args);
  }

  @Case
  static Object confinedInItsThread() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment segment = arena.allocate(8);
                for (int i = 0; i < 5; i++) {
                  segment.set(ValueLayout.JAVA_INT, 0, i);
                  Thread.sleep(1);
                  seen.add(segment.get(ValueLayout.JAVA_INT, 0));
                }
                seen.add(segment.isAccessibleBy(Thread.currentThread()));
              }
            });
    return ended(thread) + " " + seen;
  }

  @Case
  static Object confinedInCaseThread() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(8);
      segment.set(ValueLayout.JAVA_INT, 0, 7);
      seen.add(segment.isAccessibleBy(Thread.currentThread()));
      Thread thread =
          go(
              () -> {
                seen.add(segment.isAccessibleBy(Thread.currentThread()));
                seen.add(
                    thrown(() -> segment.get(ValueLayout.JAVA_INT, 0))
                        .replaceAll("Thread\\[#\\d+", "Thread[#n"));
                seen.add(thrown(arena::close).replaceAll("Thread\\[#\\d+", "Thread[#n"));
              });
      ended(thread);
      seen.add(segment.isAccessibleBy(thread));
      seen.add(segment.get(ValueLayout.JAVA_INT, 0));
    }
    return seen;
  }

  @Case
  static Object confinedToAnother() throws InterruptedException {
    AtomicReference<MemorySegment> made = new AtomicReference<>();
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch ready = new CountDownLatch(1);
    Thread owner =
        go(
            "owner",
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                made.set(arena.allocate(4));
                ready.countDown();
                gate.await();
              }
            });
    Help.opened(ready);
    String seen =
        made.get().isAccessibleBy(owner)
            + " "
            + made.get().isAccessibleBy(Thread.currentThread())
            + " "
            + thrown(() -> made.get().get(ValueLayout.JAVA_BYTE, 0))
                .replaceAll("Thread\\[#\\d+", "Thread[#n");
    gate.countDown();
    return seen + " " + ended(owner) + " " + made.get().scope().isAlive();
  }

  @Case
  static Object sharedAcrossThreads() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment segment = arena.allocate(8);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int own = i;
        threads.add(go(() -> segment.set(ValueLayout.JAVA_BYTE, own, (byte) own)));
      }
      ended(threads.toArray(new Thread[0]));
      seen.add(segment.get(ValueLayout.JAVA_BYTE, 7));
      seen.add(segment.isAccessibleBy(threads.getFirst()));
    }
    return seen;
  }

  @Case
  static Object closeOfShared() throws InterruptedException {
    // Closing hand-shakes with all threads, parked and running ones.
    CountDownLatch gate = new CountDownLatch(1);
    Thread parked = go(gate::await);
    Thread running =
        go(
            () -> {
              while (gate.getCount() > 0) {
                Thread.onSpinWait();
              }
            });
    for (int i = 0; i < 20; i++) {
      Arena arena = Arena.ofShared();
      MemorySegment segment = arena.allocate(8);
      Thread closer = go(arena::close);
      ended(closer);
      if (!thrown(() -> segment.get(ValueLayout.JAVA_INT, 0)).contains("Already closed")) {
        return "still open";
      }
    }
    gate.countDown();
    return ended(parked, running);
  }

  @Case
  static Object downcallThatBlocks() throws Throwable {
    // More native sleepers than cores beside a thread that must go on.
    Linker linker = Linker.nativeLinker();
    MethodHandle usleep =
        linker.downcallHandle(
            linker.defaultLookup().find("usleep").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          go(
              () -> {
                int ignored = (int) usleep.invokeExact(300_000);
              }));
    }
    long start = System.nanoTime();
    Thread quick = go(() -> Thread.sleep(5));
    String end = ended(quick);
    boolean soon = System.nanoTime() - start < 5_000_000_000L;
    return end + " " + soon + " " + ended(threads.toArray(new Thread[0]));
  }

  private static final List<Thread> CALLED_ON = new CopyOnWriteArrayList<>();

  private static int compare(MemorySegment one, MemorySegment two) {
    CALLED_ON.add(Thread.currentThread());
    Thread.yield();
    return Integer.compare(
        one.reinterpret(4).get(ValueLayout.JAVA_INT, 0),
        two.reinterpret(4).get(ValueLayout.JAVA_INT, 0));
  }

  @Case
  static Object upcall() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              Linker linker = Linker.nativeLinker();
              MethodHandle qsort =
                  linker.downcallHandle(
                      linker.defaultLookup().find("qsort").orElseThrow(),
                      FunctionDescriptor.ofVoid(
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.ADDRESS));
              MethodHandle target =
                  MethodHandles.lookup()
                      .findStatic(
                          ForeignCases.class,
                          "compare",
                          MethodType.methodType(
                              int.class, MemorySegment.class, MemorySegment.class));
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment stub =
                    linker.upcallStub(
                        target,
                        FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                        arena);
                MemorySegment numbers = arena.allocateFrom(ValueLayout.JAVA_INT, 3, 1, 2);
                qsort.invokeExact(numbers, 3L, 4L, stub);
                for (int i = 0; i < 3; i++) {
                  seen.add(numbers.getAtIndex(ValueLayout.JAVA_INT, i));
                }
              }
            });
    String end = ended(thread);
    return end + " " + seen + " " + CALLED_ON.stream().allMatch(called -> called == thread);
  }
}

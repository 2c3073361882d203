package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fairness of {@link RunQueue} in simulated time. */
class RunQueueTest {
  private static final long MICROS = 1_000;
  private static final long MILLIS = 1_000_000;
  private static final long SECONDS = 1_000_000_000;
  private static final long SLICE = 10 * MILLIS;

  /** A thread that runs and then yields or sleeps, again and again. */
  private static final class Sim extends Task {
    final long run;
    final long sleep;

    /** Simulated instants. */
    long runnableSince;

    long wakeAt;

    long got;
    long longestWait;

    /**
     * @param run ns at a time
     * @param sleep ns between the runs; 0 yields
     */
    Sim(long run, long sleep) {
      this.run = run;
      this.sleep = sleep;
    }
  }

  /** One core: the queue, the sleepers, and the clock. */
  private static final class Machine {
    final RunQueue queue = new RunQueue(SLICE);
    final PriorityQueue<Sim> sleepers =
        new PriorityQueue<>(Comparator.comparingLong((Sim task) -> task.wakeAt));
    final List<Sim> all = new ArrayList<>();
    long time;

    Sim start(long run, long sleep) {
      Sim task = new Sim(run, sleep);
      all.add(task);
      makeRunnable(task, time);
      return task;
    }

    private void makeRunnable(Sim task, long since) {
      task.runnableSince = since;
      queue.add(task);
    }

    void runFor(long nanos) {
      long end = time + nanos;
      while (time < end) {
        for (Sim task; (task = sleepers.peek()) != null && task.wakeAt <= time; ) {
          sleepers.poll();
          makeRunnable(task, task.wakeAt);
        }
        Sim task = (Sim) queue.next();
        if (task == null) {
          assertTrue(queue.isEmpty());
          time = sleepers.isEmpty() ? end : Math.min(end, sleepers.peek().wakeAt);
          continue;
        }
        task.longestWait = Math.max(task.longestWait, time - task.runnableSince);
        time += task.run;
        task.got += task.run;
        queue.consumed(task, task.run);
        if (task.sleep == 0) {
          makeRunnable(task, time);
        } else {
          task.wakeAt = time + task.sleep;
          sleepers.add(task);
        }
      }
      queue.forgetConsumed();
    }

    void forgetFigures() {
      for (Sim task : all) {
        task.got = 0;
        task.longestWait = 0;
        task.runnableSince = Math.max(task.runnableSince, time);
      }
    }
  }

  private static void assertNear(long expected, long actual, double tolerance, String what) {
    assertTrue(
        Math.abs(actual - expected) <= expected * tolerance,
        () -> what + ": " + actual + " ns instead of " + expected);
  }

  @Test
  void firstComeFirstServedAmongEquals() {
    RunQueue queue = new RunQueue(SLICE);
    Task a = new Task();
    Task b = new Task();
    queue.add(a);
    queue.add(b);
    assertEquals(2, queue.size());
    assertSame(a, queue.next());
    assertSame(b, queue.next());
    assertNull(queue.next());
    assertTrue(queue.isEmpty());
  }

  /** What became due while nobody served the queue goes first, but for who has had its share. */
  @Test
  void theLateGoBeforeThoseThatQueue() {
    RunQueue queue = new RunQueue(SLICE);
    Task newcomer = new Task();
    Task sleeper = new Task();
    Task debtor = new Task();
    debtor.virtualTime = 2 * SLICE;
    queue.add(newcomer);
    queue.addLate(debtor);
    queue.addLate(sleeper);
    assertEquals(3, queue.size());
    assertSame(sleeper, queue.next());
    assertSame(newcomer, queue.next());
    assertSame(debtor, queue.next());
    assertTrue(queue.isEmpty());
    queue.addLate(sleeper);
    assertFalse(queue.isEmpty());
    assertSame(sleeper, queue.steal());
    assertNull(queue.next());
  }

  @Test
  void theStolenOneIsTheOldest() {
    RunQueue queue = new RunQueue(SLICE);
    Task a = new Task();
    Task b = new Task();
    queue.add(a);
    queue.add(b);
    assertSame(a, queue.steal());
    RunQueue thief = new RunQueue(SLICE);
    thief.adopt(a, queue);
    assertSame(a, thief.next());
    assertSame(b, queue.next());
    assertNull(queue.steal());
  }

  @Test
  void equalHogsShareEqually() {
    Machine machine = new Machine();
    for (int i = 0; i < 7; i++) {
      machine.start(SLICE, 0);
    }
    machine.runFor(70 * SECONDS);
    for (Sim task : machine.all) {
      assertNear(10 * SECONDS, task.got, 0.01, "share");
      assertTrue(task.longestWait <= 14 * SLICE, () -> "waited " + task.longestWait);
    }
  }

  /** Who yields often gets as much as who doesn't: runs differ by a factor of a thousand. */
  @Test
  void longAndShortRunsShareEqually() {
    Machine machine = new Machine();
    long[] runs = {10 * MICROS, 50 * MICROS, 300 * MICROS, 2 * MILLIS, SLICE};
    for (long run : runs) {
      machine.start(run, 0);
    }
    machine.runFor(50 * SECONDS);
    for (Sim task : machine.all) {
      assertNear(10 * SECONDS, task.got, 0.02, "share of runs of " + task.run);
    }
  }

  /** Shares stay equal in every second, not only over all: no debt builds up that is paid later. */
  @Test
  void sharesAreEqualInEachSecond() {
    Machine machine = new Machine();
    for (long run : new long[] {20 * MICROS, MILLIS, 7 * MILLIS, SLICE}) {
      machine.start(run, 0);
    }
    machine.runFor(SECONDS);
    for (int second = 0; second < 60; second++) {
      machine.forgetFigures();
      machine.runFor(SECONDS);
      for (Sim task : machine.all) {
        assertNear(SECONDS / 4, task.got, 0.15, "second " + second + ", runs of " + task.run);
      }
    }
  }

  /** Beside one whose runs nobody can cut short, the others lose some, but don't starve. */
  @Test
  void overrunsDontStarveOthers() {
    Machine machine = new Machine();
    machine.start(100 * MILLIS, 0);
    Sim light = machine.start(100 * MICROS, 0);
    machine.runFor(20 * SECONDS);
    assertTrue(light.got >= 5 * SECONDS, () -> "got " + light.got);
    assertTrue(light.longestWait <= 100 * MILLIS + SLICE, () -> "waited " + light.longestWait);
  }

  /** A newcomer beside threads that have run for long starts at once and owes and owns nothing. */
  @Test
  void aNewcomerGetsItsShareAndNoMore() {
    Machine machine = new Machine();
    for (int i = 0; i < 4; i++) {
      machine.start(SLICE, 0);
    }
    machine.runFor(100 * SECONDS);
    machine.forgetFigures();
    Sim newcomer = machine.start(100 * MICROS, 0);
    machine.runFor(5 * SECONDS);
    assertTrue(newcomer.longestWait <= 5 * SLICE, () -> "waited " + newcomer.longestWait);
    for (Sim task : machine.all) {
      assertNear(SECONDS, task.got, 0.1, "share");
    }
  }

  /** The same when what ran for long was alone: nobody was kept waiting by it. */
  @Test
  void whoWasAloneOwesNothing() {
    Machine machine = new Machine();
    Sim hog = machine.start(SLICE, 0);
    machine.runFor(100 * SECONDS);
    machine.forgetFigures();
    Sim newcomer = machine.start(SLICE, 0);
    machine.runFor(SECONDS);
    assertNear(SECONDS / 2, hog.got, 0.1, "hog");
    assertNear(SECONDS / 2, newcomer.got, 0.1, "newcomer");
  }

  /**
   * A thread that sleeps most of the time waits for the run under way and, rarely, for that of one
   * other whose credit has grown: two slices at most, however many hogs there are.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void sleepersStartQuickly(int hogs) {
    Machine machine = new Machine();
    for (int i = 0; i < hogs; i++) {
      machine.start(SLICE, 0);
    }
    Sim sleeper = machine.start(20 * MICROS, MILLIS);
    machine.runFor(SECONDS);
    machine.forgetFigures();
    machine.runFor(60 * SECONDS);
    assertTrue(sleeper.longestWait <= 2 * SLICE, () -> "waited " + sleeper.longestWait);
    for (Sim task : machine.all) {
      if (task != sleeper) {
        assertNear((60 * SECONDS - sleeper.got) / hogs, task.got, 0.05, "hog");
      }
    }
  }

  /**
   * Thousands of short sleepers leave the clock where it is; whoever has had its slice runs again
   * all the same.
   */
  @Test
  void aFloodOfSleepersDoesNotMakeADebtEternal() {
    Machine machine = new Machine();
    for (int i = 0; i < 20_000; i++) {
      machine.start(MICROS, MILLIS);
    }
    Sim hog = machine.start(SLICE + MILLIS, 0);
    Sim worker = machine.start(100 * MICROS, 0);
    machine.runFor(20 * SECONDS);
    for (Sim task : List.of(hog, worker)) {
      long waited = Math.max(task.longestWait, machine.time - task.runnableSince);
      assertTrue(waited <= 40 * SLICE, () -> "runs of " + task.run + " waited " + waited);
    }
  }

  /** However long it slept, it gets no monopoly: two slices before its share at most. */
  @Test
  void sleepIsNotSavedUp() {
    Machine machine = new Machine();
    machine.start(SLICE, 0);
    Sim other = machine.start(SLICE, 0);
    Sim sleeper = new Sim(50 * MICROS, 0);
    machine.all.add(sleeper);
    machine.runFor(100 * SECONDS);
    machine.forgetFigures();
    machine.makeRunnable(sleeper, machine.time);
    machine.runFor(300 * MILLIS);
    assertTrue(sleeper.got <= 100 * MILLIS + 3 * SLICE, () -> "got " + sleeper.got);
    assertTrue(other.got >= 100 * MILLIS - 3 * SLICE, () -> "got " + other.got);
  }

  /** Any mix: who is runnable runs before long. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void nobodyStarves(long seed) {
    Random random = new Random(seed);
    Machine machine = new Machine();
    int count = 2 + random.nextInt(30);
    for (int i = 0; i < count; i++) {
      long run = (long) (MICROS * Math.pow(10, random.nextDouble() * 4));
      long sleep =
          random.nextBoolean() ? 0 : (long) (MICROS * Math.pow(10, random.nextDouble() * 5));
      machine.start(run, sleep);
      machine.runFor(random.nextInt(100) * MILLIS);
    }
    machine.runFor(20 * SECONDS);
    for (Sim task : machine.all) {
      long longest = Math.max(task.longestWait, machine.time - task.runnableSince);
      if (task.wakeAt > machine.time) {
        longest = task.longestWait;
      }
      long waited = longest;
      assertTrue(
          waited <= 3L * count * SLICE,
          () -> count + " tasks; one with runs of " + task.run + " waited " + waited);
    }
  }
}

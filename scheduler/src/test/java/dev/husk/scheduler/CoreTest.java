package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One core, driven by the test's own thread; its epoll set is the kernel's. */
@Timeout(60)
class CoreTest {
  private static final long MILLIS = 1_000_000;
  private final Core core = new Core(0, 10 * MILLIS);

  @BeforeEach
  void drive() {
    // Never started: a core without a carrier would start one when it is woken.
    core.carrier = new Carrier(new ThreadGroup("test"), 0, 0);
    core.epoll.open();
    core.now = System.nanoTime();
  }

  private TimedPark timer(long deadline, Runnable expired) {
    return new TimedPark(deadline, expired, core);
  }

  // Timers

  @Test
  void timersExpireInOrderAndNotBefore() {
    List<Integer> expired = new ArrayList<>();
    long start = core.now;
    core.arm(timer(start + 30, () -> expired.add(3)));
    core.arm(timer(start + 10, () -> expired.add(1)));
    core.arm(timer(start + 20, () -> expired.add(2)));
    core.now = start + 9;
    core.runTimers();
    assertEquals(List.of(), expired);
    core.now = start + 20;
    core.runTimers();
    assertEquals(List.of(1, 2), expired);
    core.now = start + 100;
    core.runTimers();
    assertEquals(List.of(1, 2, 3), expired);
    assertEquals(0, core.pendingTimers());
  }

  /** While the last carrier was stuck: the core's next one serves it before those that queue. */
  @Test
  void whatBecameDueMeanwhileIsServedFirst() {
    Task queued = new Task();
    Task sleeper = new Task();
    queued.home = core;
    sleeper.home = core;
    core.add(queued);
    core.arm(timer(core.now, () -> core.add(sleeper)));
    core.taken();
    assertSame(sleeper, core.queue.next());
    assertSame(queued, core.queue.next());
  }

  @Test
  void aDisarmedTimerDoesntExpire() {
    AtomicInteger expired = new AtomicInteger();
    TimedPark timer = timer(core.now, expired::incrementAndGet);
    core.arm(timer);
    core.disarm(timer);
    core.disarm(timer);
    core.runTimers();
    assertEquals(0, expired.get());
  }

  @Test
  void aPostedTimerIsArmedByTheOwner() {
    AtomicInteger expired = new AtomicInteger();
    core.post(timer(core.now, expired::incrementAndGet));
    assertTrue(core.needsCarrier());
    assertEquals(0, core.pendingTimers());
    core.runTimers();
    assertEquals(1, expired.get());
    assertFalse(core.needsCarrier());
  }

  /**
   * From a thread that doesn't drive the core, whether the owner has armed the timer yet or not.
   */
  @Test
  void cancelledFromElsewhere() {
    AtomicInteger expired = new AtomicInteger();
    TimedPark early = timer(core.now, expired::incrementAndGet);
    core.post(early);
    early.cancel(false);
    core.runTimers();
    TimedPark late = timer(core.now + 1, expired::incrementAndGet);
    core.post(late);
    core.runTimers();
    assertEquals(1, core.pendingTimers());
    late.cancel(false);
    late.cancel(false);
    core.now += 2;
    core.runTimers();
    assertEquals(0, expired.get());
    assertEquals(0, core.pendingTimers());
    assertFalse(core.needsCarrier());
  }

  /** A wake-up expires one timer, whose thread cancels another that is due as well. */
  @Test
  void cancelledByOneThatExpires() {
    AtomicInteger expired = new AtomicInteger();
    TimedPark second = timer(core.now, expired::incrementAndGet);
    core.arm(timer(core.now - 1, () -> second.cancel(false)));
    core.arm(second);
    core.runTimers();
    assertEquals(0, expired.get());
    core.runTimers();
    assertEquals(0, core.pendingTimers());
  }

  // Queue

  /**
   * The clocks of two cores have nothing to do with each other: a task that comes from a core whose
   * clock is far ahead isn't behind all others for as long.
   */
  @Test
  void aTaskFromAnotherCoreCompetesFromHereOn() {
    Core other = new Core(1, 10 * MILLIS);
    Task wanderer = new Task();
    wanderer.home = other;
    for (int i = 0; i < 10_000; i++) {
      other.queue.consumed(wanderer, 10 * MILLIS);
    }
    Task local = new Task();
    local.home = core;
    core.add(wanderer);
    core.add(local);
    assertSame(wanderer, core.queue.next());
    core.queue.consumed(wanderer, MILLIS);
    assertSame(local, core.queue.next());
  }

  // Sleep

  @Test
  void sleepEndsWithTheFirstTimer() {
    long deadline = System.nanoTime() + 20 * MILLIS;
    core.arm(timer(deadline, () -> {}));
    core.arm(timer(deadline + 3_600_000 * MILLIS, () -> {}));
    core.sleep();
    assertFalse(core.isSleeping());
    long late = System.nanoTime() - deadline;
    assertTrue(late >= 0, () -> "woke " + -late + " ns early");
    core.runTimers();
    assertEquals(1, core.pendingTimers());
  }

  @Test
  void aTimerThatIsOverdueEndsItAtOnce() {
    core.arm(timer(core.now - 5 * MILLIS, () -> {}));
    core.sleep();
    core.runTimers();
    assertEquals(0, core.pendingTimers());
  }

  @Test
  void aWakeUpEndsIt() throws InterruptedException {
    int sleepers = Scheduler.sleepers.get();
    Thread waker =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!core.wake()) {
                    Thread.onSpinWait();
                  }
                });
    core.sleep();
    waker.join();
    assertFalse(core.isSleeping());
    assertFalse(core.wake());
    assertEquals(sleepers, Scheduler.sleepers.get());
  }

  /** A timer is posted, and the core made to look at it, at every stage of its falling asleep. */
  @Test
  void noWakeUpIsLost() throws InterruptedException {
    int rounds = Boolean.getBoolean("husk.long") ? 2_000_000 : 20_000;
    int sleepers = Scheduler.sleepers.get();
    AtomicInteger expired = new AtomicInteger();
    Thread poster =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 1; i <= rounds; i++) {
                    for (int pause = i % 64 * 8; pause > 0; pause--) {
                      Thread.onSpinWait();
                    }
                    core.post(timer(System.nanoTime(), expired::incrementAndGet));
                    core.wake();
                    while (expired.get() < i) {
                      Thread.yield();
                    }
                  }
                });
    while (expired.get() < rounds) {
      core.sleep();
      core.runTimers();
    }
    poster.join();
    assertEquals(sleepers, Scheduler.sleepers.get());
    assertEquals(0, core.pendingTimers());
  }
}

package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CarrierClockTest {
  private volatile boolean over;

  @Test
  void seesWhatAThreadIsAt() throws Exception {
    CompletableFuture<CarrierClock> found = new CompletableFuture<>();
    CountDownLatch rest = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              found.complete(CarrierClock.ofThisThread());
              while (!over) {
                Thread.onSpinWait();
              }
              try {
                rest.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    CarrierClock clock = found.get();
    assertNotNull(clock);
    long before = clock.onProcessor();
    assertTrue(before >= 0);
    assertTrue(clock.isRunnable());
    while (clock.onProcessor() - before < 5_000_000) {
      Thread.sleep(1);
    }
    over = true;
    while (thread.getState() != Thread.State.WAITING || clock.isRunnable()) {
      Thread.sleep(1);
    }
    long still = clock.onProcessor();
    Thread.sleep(20);
    assertEquals(still, clock.onProcessor());
    rest.countDown();
    thread.join();
    // The kernel's thread ends a moment after Java's.
    while (clock.onProcessor() != -1) {
      Thread.sleep(1);
    }
    assertFalse(clock.isRunnable());
  }
}

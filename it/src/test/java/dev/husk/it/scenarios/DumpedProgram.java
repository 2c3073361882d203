package dev.husk.it.scenarios;

import java.util.concurrent.locks.LockSupport;

/** Threads in each state, for a thread dump; ends when it is killed. */
final class DumpedProgram {
  private DumpedProgram() {}

  public static void main(String[] args) throws InterruptedException {
    Object lock = new Object();
    Object condition = new Object();
    Help.go("parked-worker", DumpedProgram::parksInHere);
    Help.go("sleeping-worker", () -> Thread.sleep(600_000));
    Help.go(
        "running-worker",
        () -> {
          while (true) {
            Thread.onSpinWait();
          }
        });
    Help.go(
        "waiting-worker",
        () -> {
          synchronized (condition) {
            condition.wait();
          }
        });
    Help.go(
        "first name",
        () -> {
          Thread.currentThread().setName("renamed-worker");
          LockSupport.park();
        });
    synchronized (lock) {
      Thread blocked =
          Help.go(
              "blocked-worker",
              () -> {
                synchronized (lock) {
                  Thread.yield();
                }
              });
      Help.reaches(blocked, Thread.State.BLOCKED);
      System.out.println("ready");
      Thread.sleep(600_000);
    }
  }

  private static void parksInHere() {
    while (true) {
      LockSupport.park();
    }
  }
}

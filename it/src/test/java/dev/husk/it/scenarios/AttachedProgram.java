package dev.husk.it.scenarios;

import java.lang.Thread.State;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;

/** Old threads and new ones: an agent may come between them, where this program reads its input. */
final class AttachedProgram {
  private AttachedProgram() {}

  public static void main(String[] args) throws Exception {
    SynchronousQueue<String> toOld = new SynchronousQueue<>();
    SynchronousQueue<String> toNew = new SynchronousQueue<>();
    Thread parked = Help.go("old-parked", LockSupport::park);
    Thread old =
        Help.go(
            "old",
            () -> {
              for (int i = 0; i < 100; i++) {
                toNew.put(toOld.take() + "!");
              }
            });
    Help.reaches(old, State.WAITING);
    System.out.println("ready");
    System.in.read();

    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread fresh =
        Help.go(
            "new",
            () -> {
              seen.add(Thread.currentThread().getName());
              String last = "";
              for (int i = 0; i < 100; i++) {
                toOld.put("x");
                last = toNew.take();
              }
              seen.add(last);
              LockSupport.unpark(parked);
            });
    System.out.println(Help.ended(fresh, old, parked) + " " + seen);
    Thread main = Thread.currentThread();
    Thread interrupter = Help.go("interrupter", main::interrupt);
    System.out.println(Help.thrown(() -> Thread.sleep(10_000)) + " " + Help.ended(interrupter));
    Thread last =
        new Thread(
            () -> {
              Help.pause(200);
              System.out.println("the last thread ends");
            });
    last.start();
    System.out.println("main returns");
  }
}

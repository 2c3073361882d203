package dev.husk.bench.probe;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that waits: in {@code accept}, in {@code park}, in {@code wait}, and in {@code join} on
 * the main thread. Prints {@code ready} and does nothing more.
 */
public final class Idle {
  private Idle() {}

  /** Argument: {@code threads}. */
  public static void main(String[] args) throws Exception {
    ThreadFactory threads = ProbeArgs.parse(args).threads();
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Object lock = new Object();
    Thread[] waiting = {
      threads.newThread(
          () -> {
            while (true) {
              LockSupport.park();
            }
          }),
      threads.newThread(
          () -> {
            synchronized (lock) {
              while (true) {
                try {
                  lock.wait();
                } catch (InterruptedException e) {
                  return;
                }
              }
            }
          }),
      threads.newThread(
          () -> {
            try {
              listener.accept();
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          })
    };
    for (Thread thread : waiting) {
      thread.start();
    }
    System.out.println("ready " + listener.getLocalPort());
    for (Thread thread : waiting) {
      thread.join();
    }
  }
}

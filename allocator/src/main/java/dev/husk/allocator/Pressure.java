package dev.husk.allocator;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.InnocuousThread;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskPressure;

/**
 * Waits until the kernel tells that processes wait for memory (PSI, pressure stall information),
 * and then has all be given back that isn't in use. A thread of its own, which a process has once
 * it has much to give.
 */
final class Pressure implements Runnable {
  /** From so many mapped bytes on it's worth a thread. */
  static final long FROM = 64 << 20;

  /**
   * Some process stood still for 15 % of a time, in microseconds. The kernel takes windows from 500
   * ms to 10 s, but from those without privileges multiples of 2 s only (since Linux 6.5).
   */
  private static final String[] TRIGGERS = {"some 150000 1000000", "some 300000 2000000"};

  private static final AtomicLong COUNT = new AtomicLong();

  private static volatile boolean asked;

  /** Stays open: closing it would end the trigger. */
  private final RandomAccessFile file;

  private final HuskPressure events;

  private Pressure(RandomAccessFile file, HuskPressure events) {
    this.file = file;
    this.events = events;
  }

  /** Whether {@link #watch} was called. */
  static boolean isAsked() {
    return asked;
  }

  /** Begins to wait, where the kernel allows it. Called where a thread may be started, once. */
  static void watch() {
    asked = true;
    for (String path : Cgroup.own().pressureFiles()) {
      RandomAccessFile file = open(path);
      if (file != null) {
        try {
          int fd = SharedSecrets.getJavaIOFileDescriptorAccess().get(file.getFD());
          Pressure pressure = new Pressure(file, new HuskPressure(fd));
          Thread thread = InnocuousThread.newSystemThread("husk-pressure", pressure);
          thread.setDaemon(true);
          thread.start();
        } catch (IOException e) {
          // Not to be waited for: without it, memory goes back when it was unused for a while.
        }
        return;
      }
    }
  }

  /** A pressure file with a trigger; null where it's not to be had. */
  static @Nullable RandomAccessFile open(String path) {
    String now = KernelFile.read(path);
    if (now == null || !now.startsWith("some ")) {
      return null;
    }
    for (String trigger : TRIGGERS) {
      RandomAccessFile file = null;
      try {
        file = new RandomAccessFile(path, "rw");
        // The kernel overwrites the last byte.
        file.write((trigger + "\0").getBytes(StandardCharsets.US_ASCII));
        return file;
      } catch (IOException e) {
        close(file);
      }
    }
    return null;
  }

  private static void close(@Nullable RandomAccessFile file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // Nothing was written that could be lost.
    }
  }

  @Override
  public void run() {
    try {
      while (events.await()) {
        COUNT.getAndIncrement();
        Reclaimer.hurry();
      }
    } catch (IOException e) {
      // As without a pressure file.
    }
    close(file);
  }

  /** How often the kernel has told. */
  static long count() {
    return COUNT.get();
  }
}

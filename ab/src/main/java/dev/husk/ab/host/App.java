package dev.husk.ab.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** One started app. Any thread may call it. */
public interface App extends AutoCloseable {
  /** {@link System#nanoTime} just before its process was made. */
  long startedNanos();

  /**
   * Its processes, as this machine's {@code /proc} numbers them, the first one first; empty where
   * they can't be seen, as with an engine on another machine.
   */
  List<Long> pids();

  /** Whether it still runs. */
  boolean isAlive();

  /**
   * Sees that whether it runs can still be told.
   *
   * @throws IOException when it can't, as when the container engine is gone; by no fault of the app
   */
  default void checkWatched() throws IOException {}

  /**
   * How it ended, for people: exit status or signal, out of memory, and the end of its log; or that
   * it still runs, and that.
   */
  String ending();

  /**
   * Where a port of the app is reached from here, if something listens there by now.
   *
   * @param port 0 for the first port that the app listens on
   * @return null when nothing does yet
   */
  @org.jspecify.annotations.Nullable
  InetSocketAddress address(int port) throws IOException;

  /** What it wrote to standard output and standard error, together; complete once it is closed. */
  Path log();

  /** The JVM's log of garbage collection, {@code gc*} at level info with uptime in ms. */
  Path gcLog();

  /**
   * Bytes that went over the loopback device that the app sees, since some moment in the past; -1
   * when unknown. Where that is the machine's own, the driver's traffic is in it.
   */
  long loopbackBytes();

  /** Asks it to end, waits ten seconds, kills it. */
  @Override
  void close();
}

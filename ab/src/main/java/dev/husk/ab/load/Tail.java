package dev.husk.ab.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads all that a process writes, and keeps the end of it. Any thread may ask. */
final class Tail {
  private final StringBuilder kept = new StringBuilder();
  private final int limit;
  private final Thread reader;

  /**
   * Starts to read.
   *
   * @param limit characters that are kept
   */
  Tail(InputStream in, int limit) {
    this.limit = limit;
    reader = Thread.ofVirtual().name("tail").start(() -> read(in));
  }

  private void read(InputStream in) {
    byte[] bytes = new byte[8192];
    try (in) {
      int length;
      while ((length = in.read(bytes)) >= 0) {
        synchronized (kept) {
          kept.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
          kept.delete(0, Math.max(0, kept.length() - limit));
        }
      }
    } catch (IOException e) {
      // The process was killed.
    }
  }

  /** Waits until all has been read, at most a second: a grandchild may hold the pipe open. */
  String await() throws InterruptedException {
    reader.join(1000);
    return text();
  }

  String text() {
    synchronized (kept) {
      return kept.toString();
    }
  }
}

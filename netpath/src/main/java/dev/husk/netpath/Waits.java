package dev.husk.netpath;

import dev.husk.scheduler.Endpoint;
import java.io.FileDescriptor;
import java.io.IOException;
import sun.nio.ch.HuskNet;

/** {@code poll(2)} for one descriptor that an endpoint serves. */
final class Waits {
  private Waits() {}

  /**
   * Waits until it is ready for one of the events, or an error.
   *
   * @param millis how long at most; negative for without limit
   * @return the events, 0 when the time is over or somebody called off the wait
   */
  static int poll(Endpoint endpoint, FileDescriptor fd, int events, long millis)
      throws IOException {
    int ready = now(endpoint, fd, events);
    if (ready != 0 || millis == 0) {
      return ready;
    }
    // A wait that ends early is one more turn of the caller's loop.
    endpoint.block((events & Endpoint.OUT) != 0, millis < 0 ? 0 : millis * 1_000_000);
    return now(endpoint, fd, events);
  }

  private static int now(Endpoint endpoint, FileDescriptor fd, int events) throws IOException {
    int ready = endpoint.poll() & (events | Endpoint.ERR | Endpoint.HUP);
    return ready == 0 && endpoint.isHybrid() ? HuskNet.poll(fd, events, 0) : ready;
  }
}

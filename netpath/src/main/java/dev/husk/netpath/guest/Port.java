package dev.husk.netpath.guest;

import java.io.Closeable;
import java.io.IOException;

/** Where packets go out and come in, each whole. One thread at a time. */
interface Port extends Closeable {
  /** Sends one packet. */
  void send(byte[] packet) throws IOException;

  /**
   * Waits for one packet.
   *
   * @param into takes it; what is longer than this is cut off
   * @param nanos how long to wait, 0 or less not at all
   * @return its length, or -1 where none came in time
   */
  int receive(byte[] into, long nanos) throws IOException;
}

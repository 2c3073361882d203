package dev.husk.ab.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Sends requests to the app, checks each reply, and measures. The work is done by a process of its
 * own, the driver.
 */
public interface Load extends AutoCloseable {
  /** What is sent, in words. */
  String describe();

  /** The port of the app that it goes to, 0 for the first that the app listens on. */
  int port();

  /**
   * Whether the app gives a correct reply now: one request on a connection of its own, from this
   * process. The first variant's replies of the first round teach what is correct, where the user
   * hasn't said.
   *
   * @throws WrongReplyException when it answers with something else
   */
  boolean isReady(InetSocketAddress address) throws WrongReplyException;

  /**
   * Loads the app for a time and waits for the end.
   *
   * @param rate requests a second that are due in all, at even distances, whether or not replies
   *     come; 0 for a closed loop, in which each connection sends when it has the last reply
   * @throws IOException when the driver failed, or the time is well over; not for missing replies
   */
  LoadReport run(InetSocketAddress address, double rate, Duration time)
      throws IOException, InterruptedException;

  @Override
  void close();
}

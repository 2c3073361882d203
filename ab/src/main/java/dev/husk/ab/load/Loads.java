package dev.husk.ab.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * Makes loads. Each has a driver, a JVM of its own, which is started with the first run, rehearses
 * against itself so that it is warm, and stays until the load is closed or this JVM ends. One
 * thread at a time may use a load.
 *
 * <p><b>Latencies.</b> In an open loop request {@code i} is due {@code i / rate} seconds after the
 * start, whatever the replies do; its latency counts from then, also when it waited for a free
 * connection or for the driver. Nothing that is due is left out. A request that could not be sent
 * within the timeout counts as missing, as does one whose reply didn't come within the timeout
 * after it was sent.
 *
 * <p><b>When the driver is the limit.</b> {@link DriverState#isLimit} is true when one of these
 * holds: one thread of the driver was busy for more than 90 % of the run; all processors of the
 * driver's own were; the machine had no more ports for new connections; in an open loop 1 % of the
 * requests were sent more than 1 ms later than they were due and a connection was free for them,
 * this is also more than a tenth of the latencies' p99, and the driver didn't just wait for a
 * processor meanwhile. On a machine that is all busy the app has the processors, and to be slow
 * then is a property of the app.
 */
public final class Loads {
  private Loads() {}

  /**
   * HTTP/1.1 with kept connections and without pipelining. Where the options don't say what is a
   * correct reply, the first replies teach it: the first one when {@link Load#isReady} gets it,
   * four more over a second at the start of the first run. When the bodies are identical, each
   * later reply must have the same status and body; otherwise the same status.
   */
  public static Load http(HttpOptions options) {
    return new HttpLoad(options, Driver.REHEARSAL);
  }

  /**
   * One request of HTTP on a connection of its own, from this process, and the check of its reply.
   *
   * @return the bytes of the reply, head and body
   * @throws IOException when there is none
   * @throws WrongReplyException when it isn't what the options expect
   */
  public static long ask(HttpOptions options, InetSocketAddress address)
      throws IOException, WrongReplyException {
    return HttpLoad.ask(options, address);
  }

  /** TCP echo: each request has other bytes, and each reply must have the same. */
  public static Load echo(EchoOptions options) {
    return new EchoLoad(options, Driver.REHEARSAL);
  }

  /**
   * A statement over JDBC, on a connection and a virtual thread each. What is a correct answer is
   * learned as with {@link #http}. The rehearsal doesn't touch JDBC: the driver gets warm with the
   * app.
   */
  public static Load jdbc(JdbcOptions options) {
    return new JdbcLoad(options);
  }

  /** A load tool. */
  public static CommandLoad command(CommandOptions options) {
    return new CommandLoad(options);
  }

  /**
   * The processors that the driver should have for itself, as {@code taskset -c} takes them: the
   * last of 3 to 7, the last two of 8 or more; "" for fewer than 3, which it must share.
   */
  public static String suggestDriverCpus(int processors) {
    if (processors < 3) {
      return "";
    }
    return processors < 8
        ? Integer.toString(processors - 1)
        : String.format(Locale.ROOT, "%d-%d", processors - 2, processors - 1);
  }
}

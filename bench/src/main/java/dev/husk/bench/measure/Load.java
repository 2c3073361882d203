package dev.husk.bench.measure;

import dev.husk.ab.host.Programs;
import dev.husk.ab.load.DriverOptions;
import dev.husk.ab.load.HttpOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A load on a server of HTTP, from a process of its own: keep-alive connections that each send the
 * next request when they have the last reply.
 */
public interface Load extends AutoCloseable {
  /**
   * Loads a server and waits for the end.
   *
   * @throws IOException when a reply is missing, or another than it should be
   */
  LoadResult run(InetSocketAddress server, Duration time) throws IOException, InterruptedException;

  @Override
  void close();

  /**
   * {@code wrk} where the path has it, else the driver of {@code husk ab}, which takes more CPU for
   * a request and so leaves less of the machine to the server.
   *
   * @param body what every reply is to be
   */
  static Load of(int connections, String body) throws IOException {
    // On the same processors as the server, however many there are.
    DriverOptions driver = DriverOptions.DEFAULT.withConnections(connections).withCpus("");
    HttpOptions request =
        HttpOptions.of("/").withExpectStatus(200).withExpectBody(body).withDriver(driver);
    return Programs.find("wrk") == null ? new DriverLoad(request) : new WrkLoad(request);
  }
}

package dev.husk.bench.measure;

import dev.husk.ab.load.HttpOptions;
import dev.husk.ab.load.LoadReport;
import dev.husk.ab.load.Loads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The driver of {@code husk ab}, which checks every reply. */
final class DriverLoad implements Load {
  private final dev.husk.ab.load.Load driver;

  DriverLoad(HttpOptions request) {
    driver = Loads.http(request);
  }

  @Override
  public LoadResult run(InetSocketAddress server, Duration time)
      throws IOException, InterruptedException {
    LoadReport report = driver.run(server, 0, time);
    if (report.wrong() + report.missing() > 0) {
      throw new IOException(
          "%d wrong and %d missing replies beside %d correct ones; the first: %s"
              .formatted(report.wrong(), report.missing(), report.replies(), report.firstWrong()));
    }
    return new LoadResult(
        report.replies(),
        report.seconds(),
        report.millis(50) * 1000,
        report.millis(99) * 1000,
        report.millis(99.9) * 1000);
  }

  @Override
  public void close() {
    driver.close();
  }
}

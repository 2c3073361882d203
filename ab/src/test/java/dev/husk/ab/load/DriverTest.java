package dev.husk.ab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DriverTest {
  private static final DriverOptions SMALL = new DriverOptions(2, Duration.ofSeconds(2), "");

  @Test
  void staysUntilItIsClosed() throws Exception {
    Driver driver = new Driver(SMALL, List.of(), 20);
    try (RawServer server = RawServer.http(number -> RawServer.ok("Hello"))) {
      assertNull(driver.process());
      LoadReport report = driver.run(job(server, 100, 200));
      assertEquals(20, report.replies(), report.firstWrong());
      assertEquals(20, report.latencies().getTotalCount());
      Process process = driver.process();
      report = driver.run(job(server, 0, 400));
      assertTrue(report.replies() > 0);
      assertTrue(report.driverCpuSeconds() > 0);
      assertSame(process, driver.process());
      driver.close();
      assertFalse(process.isAlive());
      assertThrows(IOException.class, () -> driver.run(job(server, 100, 100)));
    } finally {
      driver.close();
    }
  }

  @Test
  void isStartedAnewWhenItWasLost() throws Exception {
    try (RawServer server = RawServer.http(number -> RawServer.ok("Hello"));
        Driver driver = new Driver(SMALL, List.of(), 0)) {
      driver.run(job(server, 100, 100));
      Process process = driver.process();
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
          .execute(process::destroyForcibly);
      IOException lost = assertThrows(IOException.class, () -> driver.run(job(server, 100, 5000)));
      assertTrue(
          lost.getMessage().startsWith("the load driver ended with status 137"), lost.getMessage());
      assertEquals(10, driver.run(job(server, 100, 100)).replies());
    }
  }

  @Test
  void endsWhenNobodyWaitsForItsRun() throws Exception {
    try (RawServer server = RawServer.http(number -> RawServer.ok("Hello"));
        Driver driver = new Driver(SMALL, List.of(), 0)) {
      driver.run(job(server, 100, 100));
      Process process = driver.process();
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> driver.run(job(server, 100, 5000)));
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void saysWhyItCouldNotStart() {
    try (Driver driver = new Driver(SMALL.withCpus("4000"), List.of(), 0)) {
      IOException failure =
          assertThrows(IOException.class, () -> driver.run(job(nobody(), 100, 100)));
      assertTrue(failure.getMessage().contains("taskset"), failure.getMessage());
    }
  }

  @Test
  void runsOnItsProcessors() throws Exception {
    try (RawServer server = RawServer.http(number -> RawServer.ok("Hello"));
        Driver driver = new Driver(SMALL.withCpus("0"), List.of(), 0)) {
      assertEquals(10, driver.run(job(server, 100, 100)).replies());
      Path status = Path.of("/proc", Long.toString(driver.process().pid()), "status");
      assertTrue(Files.readAllLines(status).contains("Cpus_allowed_list:\t0"));
    }
  }

  @Test
  void endsWithItsParent() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Dhusk.test=yes");
    Process parent = builder.start();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      long pid = Long.parseLong(reader.readLine());
      assertEquals("false", reader.readLine(), "the driver has the app's options");
      assertTrue(parent.waitFor(10, TimeUnit.SECONDS));
      ProcessHandle driver = ProcessHandle.of(pid).orElse(null);
      if (driver != null) {
        driver.onExit().get(10, TimeUnit.SECONDS);
      }
    } finally {
      parent.destroyForcibly();
    }
  }

  /** Starts a long run and dies without a chance to tidy up. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      try (RawServer server = RawServer.http(number -> RawServer.ok("Hello"))) {
        Driver driver = new Driver(SMALL, List.of(), 0);
        driver.run(job(server, 100, 50));
        long pid = driver.process().pid();
        System.out.println(pid);
        Path environment = Path.of("/proc", Long.toString(pid), "environ");
        System.out.println(Files.readString(environment).contains("JAVA_TOOL_OPTIONS"));
        FutureTask<LoadReport> run = new FutureTask<>(() -> driver.run(job(server, 100, 60_000)));
        Thread.ofPlatform().start(run);
        Thread.sleep(300);
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private static InetSocketAddress nobody() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return (InetSocketAddress) server.getLocalSocketAddress();
    }
  }

  private static Job job(RawServer server, double rate, long millis) {
    return job(server.address(), rate, millis);
  }

  private static Job job(InetSocketAddress address, double rate, long millis) {
    return new Job.Http(
        Plan.of(address, rate, Duration.ofMillis(millis), SMALL),
        HttpRequest.of("GET", "/", "localhost", List.of(), ""),
        Expectation.ofBody(200, "Hello"));
  }
}

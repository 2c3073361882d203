package dev.husk.ab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.Sample;
import dev.husk.ab.host.App;
import dev.husk.ab.host.Launch;
import dev.husk.ab.host.Launches;
import dev.husk.ab.host.Processes;
import dev.husk.ab.host.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SamplerTest {
  @TempDir Path directory;
  private final Processes host = new Processes();

  @AfterEach
  void endApps() {
    host.close();
  }

  private App start(String... args) throws Exception {
    return host.start(Launches.of(directory, Launches.command(args)));
  }

  @Test
  void aWindowTellsWhatTheAppUsed() throws Exception {
    App app = start("say:up", "read:" + pipe(), "fill:60", "busy:1000", "wait");
    Launches.awaitLog(app, "up");
    try (Sampler sampler = Sampler.start(app)) {
      Sampler.Window window = sampler.open();
      go();
      Launches.awaitLog(app, "was busy");
      WindowUsage usage = window.close(0);
      assertTrue(usage.cpuSeconds() >= 0.8 && usage.cpuSeconds() < 20, usage::toString);
      assertTrue(
          usage.heapPeakMegabytes() >= 60 && usage.heapPeakMegabytes() < 256, usage::toString);
      assertTrue(usage.offHeapPeakMegabytes() >= 20, usage::toString);
      assertTrue(usage.rssPeakMegabytes() >= usage.heapPeakMegabytes() + 20, usage::toString);
      assertTrue(usage.gcPauseSumMillis() >= usage.gcPauseLongestMillis(), usage::toString);
      assertTrue(usage.gcPauseLongestMillis() > 0, usage::toString);
      assertTrue(usage.voluntarySwitches() > 0, usage::toString);
      assertTrue(usage.involuntarySwitches() >= 0, usage::toString);
      assertTrue(usage.loopbackBytes() >= 0, usage::toString);
      assertTrue(usage.otherCpu() >= 0 && usage.otherCpu() <= 1, usage::toString);
      assertTrue(app.isAlive());

      WindowUsage quiet = sampler.open().close(Double.NaN);
      assertTrue(quiet.cpuSeconds() < 0.2, quiet::toString);
      assertEquals(0, quiet.gcPauseSumMillis());
      assertEquals(0, quiet.gcPauseLongestMillis());
      assertTrue(Double.isNaN(quiet.otherCpu()));

      List<Sample> samples = sampler.samples();
      assertTrue(samples.size() >= 3, samples::toString);
      assertTrue(samples.stream().anyMatch(sample -> sample.cores() > 0.1), samples::toString);
      for (int i = 1; i < samples.size(); i++) {
        assertTrue(samples.get(i).seconds() > samples.get(i - 1).seconds(), samples::toString);
      }
    }
  }

  /** A named pipe that the app reads before it goes on. */
  private String pipe() throws Exception {
    Path pipe = directory.resolve("go");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe.toString();
  }

  private void go() throws Exception {
    java.nio.file.Files.writeString(
        directory.resolve("go"), "on\n", java.nio.file.StandardOpenOption.WRITE);
  }

  @Test
  void theHeapOfZgcIsFound() throws Exception {
    List<String> command = Launches.command("fill:40", "wait");
    command.set(command.indexOf("-XX:+UseSerialGC"), "-XX:+UseZGC");
    App app = host.start(Launches.of(directory, command));
    Launches.awaitLog(app, "filled");
    try (Sampler sampler = Sampler.start(app)) {
      WindowUsage usage = sampler.open().close(0);
      assertTrue(
          usage.heapPeakMegabytes() >= 40 && usage.heapPeakMegabytes() <= 256, usage::toString);
    }
  }

  @Test
  void theTimeOfAnAppThatDiedIsKept() throws Exception {
    App app = start("say:up", "read:" + pipe(), "busy:700", "exit:1");
    Launches.awaitLog(app, "up");
    try (Sampler sampler = Sampler.start(app)) {
      Sampler.Window window = sampler.open();
      go();
      while (app.isAlive()) {
        Thread.sleep(20);
      }
      WindowUsage usage = window.close(0);
      assertTrue(usage.cpuSeconds() > 0.1, usage::toString);
      assertTrue(Double.isNaN(usage.loopbackBytes()));
      assertFalse(app.isAlive());
    }
  }

  @Test
  void systemCallsAreCounted() throws Exception {
    Assumptions.assumeTrue(
        Programs.find("perf") != null || Programs.find("strace") != null,
        "neither perf nor strace");
    App app = start("listen", "wait");
    Launches.awaitLog(app, "listening");
    SystemCalls calls = SystemCalls.count(app, Duration.ofMillis(700));
    Assumptions.assumeTrue(calls.count() >= 0, calls.means());
    // A JVM's own threads make some even where nothing happens.
    assertTrue(calls.count() > 0 && calls.count() < 1_000_000, calls::toString);
    assertTrue(calls.seconds() >= 0.7, calls::toString);
    app.close();
    SystemCalls none = SystemCalls.count(app, Duration.ofMillis(10));
    assertEquals(-1, none.count());
    assertEquals("the app's processes can't be seen from here", none.means());
  }

  @Test
  void theEnvironmentTellsWhatAReaderMustKnow() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    Map<String, String> environment =
        Environment.describe(
            host, Launch.Limits.NONE, directory.resolve("none.jar"), Map.of("stock", home));
    assertTrue(
        environment.get("JDK of stock").contains("" + Runtime.version().feature()),
        environment::toString);
    assertEquals("none", environment.get("limits"));
    assertTrue(environment.get("Husk").startsWith("unknown: "), environment::toString);
    environment.forEach((name, value) -> assertFalse(value.isBlank(), name));
  }
}

package dev.husk.bench.suite;

import dev.husk.ab.host.App;
import dev.husk.ab.measure.ThreadSwitches;
import dev.husk.bench.measure.Children;
import dev.husk.bench.measure.ProcessUsage;
import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import dev.husk.bench.probe.Idle;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often the threads of a process that waits for input wake up. The JVM has threads of its own
 * that tick ({@code VM Periodic Task}); what counts is what Husk adds to them, and that none of its
 * carriers wakes.
 */
final class IdleBenchmark implements Benchmark {
  private static final int SETTLE_SECONDS = 3;
  private static final int WINDOW_SECONDS = 10;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String title() {
    return "wake-ups of an idle process in " + WINDOW_SECONDS + " s";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric("wakes", "wake-ups", 0),
        new Metric("own", "less the JVM's ticks", 0),
        new Metric("cpu", "CPU ms", 0));
  }

  @Override
  public List<Variant> variants() {
    return List.of(
        Variant.stock("platform", Idle.class, "threads=platform"),
        Variant.stock("virtual", Idle.class, "threads=virtual"),
        Variant.husk("husk", Idle.class, "threads=platform"));
  }

  @Override
  public List<Bar> bars() {
    return List.of(Bar.difference("own", "husk", 2, "platform"));
  }

  @Override
  public int secondsPerRound(Setup setup) {
    return WINDOW_SECONDS + SETTLE_SECONDS + 1;
  }

  @Override
  public Session open(Setup setup, List<Variant> ready) {
    return variant -> run(variant, setup);
  }

  private static Map<String, Double> run(Variant variant, Setup setup)
      throws IOException, InterruptedException {
    try (Children children = new Children()) {
      App app = children.start(variant.command(setup, List.of()));
      long pid = app.pids().getFirst();
      Thread.sleep(SETTLE_SECONDS * 1000L);
      ProcessUsage before = ProcessUsage.of(pid);
      Thread.sleep(WINDOW_SECONDS * 1000L);
      if (!app.isAlive()) {
        throw new IOException(app.ending());
      }
      ProcessUsage used = ProcessUsage.of(pid).since(before);
      Map<String, Double> figures = new HashMap<>();
      double all = 0;
      double own = 0;
      for (ThreadSwitches thread : used.threads().values()) {
        all += thread.voluntary();
        if (!isJvms(thread.name())) {
          own += thread.voluntary();
        }
        if (thread.voluntary() > 0) {
          figures.merge("thread " + thread.name(), (double) thread.voluntary(), Double::sum);
        }
      }
      figures.put("wakes", all);
      figures.put("own", own);
      figures.put("cpu", used.cpuSeconds() * 1000);
      return figures;
    }
  }

  /** The HotSpot threads that wake by the clock on an idle stock JVM. */
  static boolean isJvms(String threadName) {
    return threadName.startsWith("VM ")
        || threadName.startsWith("G1 ")
        || threadName.startsWith("C1 ")
        || threadName.startsWith("C2 ")
        || threadName.startsWith("Monitor Deflati");
  }
}

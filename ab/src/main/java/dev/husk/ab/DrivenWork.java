package dev.husk.ab;

import dev.husk.ab.RoundRunner.Findings;
import dev.husk.ab.RoundRunner.Subject;
import dev.husk.ab.load.Load;
import dev.husk.ab.load.LoadReport;
import dev.husk.ab.load.WrongReplyException;
import dev.husk.ab.measure.Sampler;
import dev.husk.ab.measure.SystemCalls;
import dev.husk.ab.measure.WindowUsage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.HdrHistogram.Histogram;

/**
 * Measures an app with requests that Husk sends. The pilot, a start of the first variant before the
 * first round, finds what it serves in a closed loop; from that come the rates, which are the same
 * for all.
 */
final class DrivenWork implements RoundRunner.Work {
  private static final Duration WARM_UP_WINDOW = Duration.ofSeconds(1);
  private static final Duration SYSTEM_CALLS_TIME = Duration.ofSeconds(1);

  /** Of the closed loop's throughput, the fixed rate: well below saturation, well above idle. */
  private static final double FIXED_PART = 0.5;

  private final Plan plan;
  private final Load load;
  private double closedRate;
  private double fixedRate;

  DrivenWork(Plan plan, Load load) {
    this.plan = plan;
    this.load = load;
    this.fixedRate = plan.kind() == Plan.Kind.CLOSED ? 0 : plan.rate();
  }

  @Override
  public String describe() {
    return load.describe();
  }

  @Override
  public int port() {
    return load.port();
  }

  @Override
  public boolean isReady(InetSocketAddress address) throws WrongReplyException {
    return load.isReady(address);
  }

  @Override
  public void measure(Subject subject, Findings findings)
      throws IOException, InterruptedException, RoundFailedException {
    warmUp(subject, findings);
    if (subject.pilot()) {
      subject.phase().accept("looking for its limit");
      closedRate = checked(subject, run(subject, 0, plan.window())).rate();
      if (plan.kind() != Plan.Kind.CLOSED && fixedRate == 0) {
        fixedRate = round(closedRate * FIXED_PART);
      }
      return;
    }
    figures(subject, findings);
    systemCalls(subject, findings);
    if (plan.kind() == Plan.Kind.SWEEP) {
      subject.phase().accept("closed loop");
      LoadReport closed = checked(subject, run(subject, 0, plan.window()));
      findings.put(Figure.CLOSED_THROUGHPUT, closed.rate());
      noteLimit(closed, "in the closed loop", findings);
      sweep(subject, findings);
    }
  }

  /** To two digits, so that people can say it. */
  private static double round(double rate) {
    double unit = Math.pow(10, Math.floor(Math.log10(Math.max(rate, 1))) - 1);
    return Math.max(1, Math.round(rate / unit) * unit);
  }

  private void warmUp(Subject subject, Findings findings)
      throws IOException, InterruptedException, RoundFailedException {
    WarmUp rule = new WarmUp();
    long start = System.nanoTime();
    long spent;
    do {
      subject.phase().accept("warming up");
      rule.add(checked(subject, run(subject, 0, WARM_UP_WINDOW)).rate());
      spent = System.nanoTime() - start;
      findings.warm = rule.isWarm() && spent >= plan.warmUpMin().toNanos();
    } while (!findings.warm && spent < plan.warmUpMax().toNanos());
    findings.warmUpSeconds = spent / 1e9;
  }

  /** The window of latencies, CPU and memory. */
  private void figures(Subject subject, Findings findings)
      throws IOException, InterruptedException, RoundFailedException {
    subject
        .phase()
        .accept(fixedRate == 0 ? "closed loop" : "%,.0f requests/s".formatted(fixedRate));
    Sampler.Window window = subject.sampler().open();
    LoadReport report = run(subject, fixedRate, plan.window());
    WindowUsage usage = window.close(report.driverCpuSeconds());
    checked(subject, report);
    findings.put(Figure.P50, report.millis(50));
    findings.put(Figure.P90, report.millis(90));
    findings.put(Figure.P99, report.millis(99));
    findings.put(Figure.P999, report.millis(99.9));
    findings.put(Figure.P9999, report.millis(99.99));
    findings.put(Figure.MAX, report.latencies().getMaxValue() / 1e6);
    if (fixedRate == 0) {
      findings.put(Figure.CLOSED_THROUGHPUT, report.rate());
    }
    double requests = report.replies();
    findings.put(Figure.CPU, usage.cpuSeconds() / requests * 1000);
    findings.put(Figure.VOLUNTARY, usage.voluntarySwitches() / requests);
    findings.put(Figure.INVOLUNTARY, usage.involuntarySwitches() / requests);
    findings.put(Figure.RSS, usage.rssPeakMegabytes());
    findings.put(Figure.HEAP, usage.heapPeakMegabytes());
    findings.put(Figure.OFF_HEAP, usage.offHeapPeakMegabytes());
    findings.put(Figure.GC_PAUSES, usage.gcPauseSumMillis());
    findings.put(Figure.GC_LONGEST, usage.gcPauseLongestMillis());
    findings.put(Figure.LOOPBACK, usage.loopbackBytes() / requests);
    findings.otherCpu = usage.otherCpu();
    findings.latencies = encode(report.latencies());
    noteLimit(report, "while latencies were measured", findings);
  }

  private static void noteLimit(LoadReport report, String when, Findings findings) {
    if (report.driver().isLimit()) {
      findings.notes.add("%s %s: %s".formatted(Round.DRIVER_LIMIT, when, report.driver().limit()));
    }
  }

  private static String encode(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  private void systemCalls(Subject subject, Findings findings)
      throws IOException, InterruptedException, RoundFailedException {
    subject.phase().accept("counting system calls");
    FutureTask<SystemCalls> counting =
        new FutureTask<>(() -> SystemCalls.count(subject.app(), SYSTEM_CALLS_TIME));
    Thread.ofPlatform().daemon().name("system calls").start(counting);
    // Attaching takes its time, so the load goes on for longer.
    LoadReport report = run(subject, fixedRate, SYSTEM_CALLS_TIME.multipliedBy(2));
    SystemCalls calls;
    try {
      calls = counting.get();
    } catch (ExecutionException e) {
      throw new IOException("system calls could not be counted", e.getCause());
    }
    subject.checkAlive();
    checkReplies(report);
    if (calls.count() >= 0 && calls.seconds() > 0) {
      findings.put(Figure.SYSCALLS, calls.count() / (report.rate() * calls.seconds()));
    } else {
      findings.notes.add("system calls weren't counted: " + calls.means());
    }
  }

  private void sweep(Subject subject, Findings findings)
      throws IOException, InterruptedException, RoundFailedException {
    Sweep sweep = new Sweep(closedRate, plan.latencyLimitMillis());
    for (double rate = sweep.next(); rate > 0; rate = sweep.next()) {
      subject.phase().accept("%,.0f requests/s".formatted(rate));
      LoadReport report = run(subject, rate, plan.step());
      if (report.missing() > 0) {
        subject.checkAliveInAWhile();
      }
      checkReplies(report);
      sweep.add(
          new RatePoint(
              rate,
              report.rate(),
              report.millis(50),
              report.millis(99),
              report.millis(99.9),
              report.latencies().getMaxValue() / 1e6,
              report.wrong() + report.missing(),
              report.driver()));
    }
    findings.curve = sweep.points();
    findings.put(Figure.THROUGHPUT, sweep.throughput());
  }

  private LoadReport run(Subject subject, double rate, Duration time)
      throws IOException, InterruptedException, RoundFailedException {
    subject.checkAlive();
    try {
      return load.run(subject.address(), rate, time);
    } catch (IOException e) {
      subject.checkAlive();
      throw new RoundFailedException(Round.Kind.NOT_MEASURED, e.getMessage());
    }
  }

  /** Below saturation every request has its correct reply. */
  private static LoadReport checked(Subject subject, LoadReport report)
      throws IOException, RoundFailedException, InterruptedException {
    if (report.missing() > 0) {
      subject.checkAliveInAWhile();
    }
    subject.checkAlive();
    checkReplies(report);
    if (report.missing() > 0) {
      throw new RoundFailedException(
          Round.Kind.NO_REPLY,
          "%,d of %,d requests got no reply; the first: %s"
              .formatted(
                  report.missing(), report.missing() + report.replies(), report.firstWrong()));
    }
    if (report.replies() == 0) {
      throw new RoundFailedException(Round.Kind.NO_REPLY, "no request was answered");
    }
    return report;
  }

  private static void checkReplies(LoadReport report) throws RoundFailedException {
    if (report.wrong() > 0) {
      throw new RoundFailedException(
          Round.Kind.WRONG_REPLY,
          "%,d of %,d replies were wrong; the first: %s"
              .formatted(report.wrong(), report.wrong() + report.replies(), report.firstWrong()));
    }
  }

  @Override
  public Duration expected() {
    Duration time = plan.warmUpMin().plus(plan.window()).plus(SYSTEM_CALLS_TIME.multipliedBy(4));
    if (plan.kind() == Plan.Kind.SWEEP) {
      time = time.plus(plan.window()).plus(plan.step().multipliedBy(10));
    }
    return time.plusSeconds(5);
  }

  @Override
  public List<Figure> figures() {
    List<Figure> figures = new ArrayList<>(Figure.ALL);
    if (plan.kind() != Plan.Kind.SWEEP) {
      figures.remove(Figure.THROUGHPUT);
    }
    if (plan.kind() == Plan.Kind.FIXED) {
      figures.remove(Figure.CLOSED_THROUGHPUT);
    }
    return List.copyOf(figures);
  }

  @Override
  public List<String> headline() {
    String first =
        switch (plan.kind()) {
          case SWEEP -> Figure.THROUGHPUT.id();
          case FIXED -> Figure.P99.id();
          case CLOSED -> Figure.CLOSED_THROUGHPUT.id();
        };
    return List.of(first, Figure.CPU.id(), Figure.RSS.id(), Figure.FIRST_REPLY.id());
  }

  @Override
  public double latencyLimitMillis() {
    return plan.kind() == Plan.Kind.SWEEP ? plan.latencyLimitMillis() : 0;
  }

  @Override
  public double fixedRate() {
    return fixedRate;
  }
}

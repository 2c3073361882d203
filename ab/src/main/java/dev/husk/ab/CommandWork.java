package dev.husk.ab;

import dev.husk.ab.RoundRunner.Findings;
import dev.husk.ab.RoundRunner.Subject;
import dev.husk.ab.host.ProcessStat;
import dev.husk.ab.load.CommandLoad;
import dev.husk.ab.load.WrongReplyException;
import dev.husk.ab.measure.Sampler;
import dev.husk.ab.measure.WindowUsage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures an app with a load command of the user's. It is run once for the warm-up, for as long as
 * the longest warm-up is, and once for the figures.
 */
final class CommandWork implements RoundRunner.Work {
  /** What the app used while the command ran, where nobody says how many requests that were. */
  private static final Figure CPU =
      new Figure("cpu_seconds", "CPU while the load ran", "s", Figure.Better.LOWER, 2);

  private final Plan plan;
  private final CommandLoad load;

  CommandWork(Plan plan, CommandLoad load) {
    this.plan = plan;
    this.load = load;
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
    subject.phase().accept("warming up");
    long start = System.nanoTime();
    run(subject, subject.pilot() ? plan.step() : plan.warmUpMax());
    findings.warmUpSeconds = (System.nanoTime() - start) / 1e9;
    if (subject.pilot()) {
      // It has shown that command and patterns work.
      return;
    }
    subject.phase().accept("the load command");
    Sampler.Window window = subject.sampler().open();
    double before = endedChildrenCpuSeconds();
    Map<String, Double> figures = run(subject, plan.window());
    WindowUsage usage = window.close(endedChildrenCpuSeconds() - before);
    findings.otherCpu = usage.otherCpu();
    findings.figures.putAll(figures);
    Double requests = figures.get(CommandLoad.REQUESTS);
    if (requests == null) {
      findings.put(CPU, usage.cpuSeconds());
    } else if (requests > 0) {
      findings.put(Figure.CPU, usage.cpuSeconds() * 1000 / requests);
    }
    findings.put(Figure.RSS, usage.rssPeakMegabytes());
    findings.put(Figure.HEAP, usage.heapPeakMegabytes());
    findings.put(Figure.OFF_HEAP, usage.offHeapPeakMegabytes());
    findings.put(Figure.GC_PAUSES, usage.gcPauseSumMillis());
    findings.put(Figure.GC_LONGEST, usage.gcPauseLongestMillis());
  }

  /** The load command is one of them when it has ended, and so is what it waited for itself. */
  private static double endedChildrenCpuSeconds() throws IOException {
    return ProcessStat.of(ProcessHandle.current().pid()).childTicks()
        / ProcessStat.TICKS_PER_SECOND;
  }

  private Map<String, Double> run(Subject subject, Duration time)
      throws IOException, InterruptedException, RoundFailedException {
    try {
      Map<String, Double> figures = load.run(subject.address(), time);
      subject.checkAlive();
      return figures;
    } catch (WrongReplyException e) {
      subject.checkAliveInAWhile();
      throw new RoundFailedException(Round.Kind.WRONG_REPLY, e.getMessage());
    } catch (IOException e) {
      subject.checkAliveInAWhile();
      throw new RoundFailedException(Round.Kind.NOT_MEASURED, e.getMessage());
    }
  }

  @Override
  public Duration expected() {
    return plan.warmUpMax().plus(plan.window()).plusSeconds(5);
  }

  @Override
  public List<Figure> figures() {
    List<Figure> figures = new ArrayList<>(load.figures());
    figures.addAll(
        List.of(
            Figure.FIRST_REPLY,
            cpu(),
            Figure.RSS,
            Figure.HEAP,
            Figure.OFF_HEAP,
            Figure.GC_PAUSES,
            Figure.GC_LONGEST));
    return List.copyOf(figures);
  }

  @Override
  public List<String> headline() {
    List<String> ids = new ArrayList<>();
    if (!load.figures().isEmpty()) {
      ids.add(load.figures().getFirst().id());
    }
    if (cpu() == Figure.CPU) {
      ids.add(Figure.CPU.id());
    }
    ids.addAll(List.of(Figure.RSS.id(), Figure.FIRST_REPLY.id()));
    return List.copyOf(ids);
  }

  private Figure cpu() {
    return load.figures().stream().anyMatch(each -> each.id().equals(CommandLoad.REQUESTS))
        ? Figure.CPU
        : CPU;
  }

  @Override
  public double latencyLimitMillis() {
    return 0;
  }

  @Override
  public double fixedRate() {
    return 0;
  }
}

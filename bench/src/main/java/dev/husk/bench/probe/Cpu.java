package dev.husk.bench.probe;

import dev.husk.ab.host.ProcessStat;
import dev.husk.bench.renaissance.Mnemonics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Code that needs the processor alone, on one thread per core: {@code work=current} (a loop over
 * {@code Thread.currentThread()}), {@code numeric} (planets under gravity and a matrix product),
 * {@code objects} (maps, strings, streams), {@code mnemonics} (of the Renaissance suite) or {@code
 * compiler} (javac over generated classes). Prints {@code ns} for one unit of work, its
 * percentiles, and {@code cpu}, the process's CPU time for one, which tells more where other
 * processes want the cores.
 */
public final class Cpu {
  private Cpu() {}

  /** Something that is done over and over; what it returns keeps it from being optimised away. */
  interface Unit {
    long run() throws Exception;
  }

  /** Arguments: {@code work}, {@code seconds}, {@code warmUp}, {@code workers} (default cores). */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    String work = probe.text("work", "current");
    int workers = probe.number("workers", Runtime.getRuntime().availableProcessors());
    Histogram total = Metrics.histogram();
    double[] means = new double[workers];
    CyclicBarrier warm = new CyclicBarrier(workers + 1);
    CyclicBarrier done = new CyclicBarrier(workers + 1);
    for (int i = 0; i < workers; i++) {
      int id = i;
      Runnable worker =
          () -> {
            try {
              Unit unit = unit(work);
              run(unit, probe.warmUpNanos(), Metrics.histogram());
              warm.await();
              Histogram histogram = Metrics.histogram();
              means[id] = run(unit, probe.measureNanos(), histogram);
              synchronized (total) {
                total.add(histogram);
              }
              done.await();
            } catch (Exception e) {
              e.printStackTrace();
              System.exit(1);
            }
          };
      probe.threads().newThread(worker).start();
    }
    warm.await();
    double before = cpuNanos();
    done.await();
    double after = cpuNanos();
    double scale = work.equals("current") ? CurrentThread.LOOP : 1;
    Metrics.print("ns", Arrays.stream(means).average().getAsDouble() / scale);
    Metrics.print(total, scale);
    Metrics.print("cpu", (after - before) / total.getTotalCount() / scale);
  }

  private static double cpuNanos() throws IOException {
    long ticks = ProcessStat.of(ProcessHandle.current().pid()).cpuTicks();
    return ticks * 1e9 / ProcessStat.TICKS_PER_SECOND;
  }

  private static double run(Unit unit, long nanos, Histogram histogram) throws Exception {
    long start = System.nanoTime();
    long now = start;
    long sink = 0;
    while (now - start < nanos) {
      sink += unit.run();
      long after = System.nanoTime();
      histogram.recordValue(after - now);
      now = after;
    }
    Work.consume(sink);
    return (double) (now - start) / histogram.getTotalCount();
  }

  private static Unit unit(String work) {
    return switch (work) {
      case "current" -> CurrentThread::loop;
      case "numeric" -> Cpu::numeric;
      case "objects" -> Cpu::objects;
      case "mnemonics" -> new Mnemonics()::run;
      case "compiler" -> new Compiler();
      default ->
          throw new IllegalArgumentException(
              "work=" + work + ": current, numeric, objects, mnemonics or compiler");
    };
  }

  private static final int BODIES = 16;
  private static final int MATRIX = 96;

  private static long numeric() {
    double[] position = new double[3 * BODIES];
    double[] speed = new double[3 * BODIES];
    for (int i = 0; i < position.length; i++) {
      position[i] = Math.sin(i * 0.7) * 10;
    }
    for (int step = 0; step < 200; step++) {
      for (int i = 0; i < BODIES; i++) {
        for (int j = 0; j < BODIES; j++) {
          if (i != j) {
            pull(position, speed, 3 * i, 3 * j);
          }
        }
      }
      for (int i = 0; i < position.length; i++) {
        position[i] += speed[i] * 1e-3;
      }
    }
    double[] product = new double[MATRIX * MATRIX];
    for (int i = 0; i < MATRIX; i++) {
      for (int k = 0; k < MATRIX; k++) {
        double factor = position[(i + k) % position.length];
        for (int j = 0; j < MATRIX; j++) {
          product[i * MATRIX + j] += factor * speed[(k + j) % speed.length];
        }
      }
    }
    return Double.doubleToLongBits(product[MATRIX]);
  }

  private static void pull(double[] position, double[] speed, int i, int j) {
    double dx = position[j] - position[i];
    double dy = position[j + 1] - position[i + 1];
    double dz = position[j + 2] - position[i + 2];
    double square = dx * dx + dy * dy + dz * dz + 1e-9;
    double pull = 1e-3 / (square * Math.sqrt(square));
    speed[i] += dx * pull;
    speed[i + 1] += dy * pull;
    speed[i + 2] += dz * pull;
  }

  private static long objects() {
    Map<String, List<Integer>> byWord = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      byWord.computeIfAbsent("word" + (i * 31 % 257), key -> new ArrayList<>()).add(i);
    }
    String text =
        byWord.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getKey() + '=' + entry.getValue().size())
            .collect(Collectors.joining(","));
    return text.hashCode() + IntStream.range(0, 1000).filter(i -> i % 3 == 0).asLongStream().sum();
  }
}

package dev.husk.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One lock and JMH's own threads, as many as {@code -t} says: with Husk's agent they are served by
 * Husk, with {@code -Djmh.executor=VIRTUAL} they are the JVM's virtual threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@Threads(8)
public class LocksBenchmark {
  /** Work inside, in {@link Blackhole}'s tokens: about 10 and 300 ns. */
  @Param({"5", "150"})
  public int tokens;

  private final Object lock = new Object();

  /** As much work outside as inside. */
  @Benchmark
  public void section() {
    synchronized (lock) {
      Blackhole.consumeCPU(tokens);
    }
    Blackhole.consumeCPU(tokens);
  }
}

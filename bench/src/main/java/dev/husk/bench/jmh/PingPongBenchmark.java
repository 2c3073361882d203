package dev.husk.bench.jmh;

import dev.husk.bench.probe.PingPong;
import dev.husk.bench.probe.Threads;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Round trips between two threads, without the start of the threads weighing anything. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class PingPongBenchmark {
  private static final int ROUNDS = 20_480;

  /** Whose threads; with Husk's agent, "platform" is served by Husk. */
  @Param({"platform", "virtual"})
  public String threads;

  /** By {@code LockSupport}. */
  @Benchmark
  @OperationsPerInvocation(ROUNDS)
  public void park() throws Exception {
    play(false);
  }

  /** By {@code Object.wait} and {@code notify}. */
  @Benchmark
  @OperationsPerInvocation(ROUNDS)
  public void waitNotify() throws Exception {
    play(true);
  }

  private void play(boolean byNotify) throws Exception {
    new PingPong(Threads.factory(threads), byNotify).run(Long.MAX_VALUE, ROUNDS, null, false);
  }
}

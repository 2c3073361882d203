package dev.husk.bench.jmh;

import dev.husk.bench.probe.Spawn;
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

/** Starting threads that do nothing, from a thread of the same kind. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class SpawnBenchmark {
  private static final int BATCH = 1000;

  /** Whose threads; with Husk's agent, "platform" is served by Husk. */
  @Param({"platform", "virtual"})
  public String threads;

  /** One after the other, each joined. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void single() throws InterruptedException {
    Spawn spawn = new Spawn(Threads.factory(threads), 1);
    Threads.runIn(
        Threads.factory(threads),
        () -> {
          for (int i = 0; i < BATCH; i++) {
            spawn.spawn();
          }
        });
  }

  /** A thousand at a time. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void batch() throws InterruptedException {
    Spawn spawn = new Spawn(Threads.factory(threads), BATCH);
    Threads.runIn(Threads.factory(threads), spawn::spawn);
  }
}

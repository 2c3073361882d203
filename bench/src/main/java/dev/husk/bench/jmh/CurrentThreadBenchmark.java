package dev.husk.bench.jmh;

import dev.husk.bench.probe.CurrentThread;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** What a thread pays to learn who it is. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CurrentThreadBenchmark {
  /** A call that the compiler can't take out of a loop: each invocation looks anew. */
  @Benchmark
  public Thread call() {
    return Thread.currentThread();
  }

  /** Calls in a loop, of which the compiler may make one. */
  @Benchmark
  @OperationsPerInvocation(CurrentThread.LOOP)
  public long loop() {
    return CurrentThread.loop();
  }
}

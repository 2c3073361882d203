package dev.husk.bench.jmh;

import dev.husk.bench.probe.OffHeapLoop;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Allocating off-heap memory and freeing it at once; {@code -t 2} for two threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {"--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"})
public class OffHeapBenchmark {
  private static final int BATCH = 1000;

  /** By what; with Husk's agent the first two are served by Husk. */
  @Param({"direct", "unsafe", "malloc", "netty-pooled", "netty-adaptive"})
  public String by;

  /** Bytes. */
  @Param({"256", "4096", "65536"})
  public int size;

  private OffHeapLoop loop;

  @Setup
  public void open() {
    loop = OffHeapLoop.of(by);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long pair() {
    return loop.pairs(size, BATCH);
  }
}

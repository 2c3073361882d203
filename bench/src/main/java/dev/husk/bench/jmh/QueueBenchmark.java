package dev.husk.bench.jmh;

import dev.husk.runtime.queue.SpmcQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.MpmcArrayQueue;
import org.jctools.queues.MpmcUnboundedXaddArrayQueue;
import org.jctools.queues.SpmcArrayQueue;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The run queue's queue beside JCTools' and the JDK's: offer and poll by the owner, alone and with
 * a thief on another core. JCTools' {@code Spmc} is bounded; its unbounded queues are for many
 * producers.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsPrepend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
public class QueueBenchmark {
  private static final int CAPACITY = 1024;
  private static final int BATCH = 64;
  private static final Integer ELEMENT = 42;

  /** Whose queue. */
  @Param({"husk", "jctools-spmc", "jctools-mpmc", "jctools-mpmc-unbounded", "jdk-linked"})
  public String queue;

  private Ends ends;

  /** One face for all; there is one implementation loaded per run, so the calls are direct. */
  private abstract static class Ends {
    abstract void offer(Integer element);

    abstract Integer poll();
  }

  private static final class Husk extends Ends {
    private final SpmcQueue<Integer> queue = new SpmcQueue<>(CAPACITY);

    @Override
    void offer(Integer element) {
      queue.offer(element);
    }

    @Override
    Integer poll() {
      return queue.poll();
    }
  }

  private static final class Peer extends Ends {
    private final Queue<Integer> queue;

    Peer(Queue<Integer> queue) {
      this.queue = queue;
    }

    @Override
    void offer(Integer element) {
      queue.offer(element);
    }

    @Override
    Integer poll() {
      return queue.poll();
    }
  }

  /** What the thief got: ns between two that it stole, and between two vain looks. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Loot {
    public long stolen;
    public long missed;
  }

  @Setup(Level.Iteration)
  public void fill() {
    ends =
        switch (queue) {
          case "husk" -> new Husk();
          case "jctools-spmc" -> new Peer(new SpmcArrayQueue<>(CAPACITY));
          case "jctools-mpmc" -> new Peer(new MpmcArrayQueue<>(CAPACITY));
          case "jctools-mpmc-unbounded" -> new Peer(new MpmcUnboundedXaddArrayQueue<>(CAPACITY));
          case "jdk-linked" -> new Peer(new ConcurrentLinkedQueue<>());
          default -> throw new IllegalArgumentException(queue);
        };
  }

  /** One element in, one out. */
  @Benchmark
  @Group("alone")
  @GroupThreads(1)
  public Integer alone() {
    ends.offer(ELEMENT);
    return ends.poll();
  }

  /** A batch in, then the batch out: per element. */
  @Benchmark
  @Group("batch")
  @GroupThreads(1)
  @OperationsPerInvocation(BATCH)
  public int batch() {
    return inAndOut();
  }

  /**
   * The same beside a thief, to whom some of the batch goes: per batch of 64, since JMH doesn't
   * divide in groups of unlike methods.
   */
  @Benchmark
  @Group("robbed")
  @GroupThreads(1)
  public int owner() {
    return inAndOut();
  }

  private int inAndOut() {
    Ends ends = this.ends;
    for (int i = 0; i < BATCH; i++) {
      ends.offer(ELEMENT);
    }
    int sum = 0;
    for (Integer element; (element = ends.poll()) != null; ) {
      sum += element;
    }
    return sum;
  }

  /** A thief that comes by about every 100 ns, far more often than a core that looks for work. */
  @Benchmark
  @Group("robbed")
  @GroupThreads(1)
  public void thief(Loot loot) {
    if (ends.poll() == null) {
      loot.missed++;
    } else {
      loot.stolen++;
    }
    Blackhole.consumeCPU(50);
  }
}

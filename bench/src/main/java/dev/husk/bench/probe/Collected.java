package dev.husk.bench.probe;

import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/**
 * Allocates direct buffers that nobody frees but the collector, a gigabyte at least. Prints ns a
 * buffer, and the longest time that one took, in ms: at the limit of direct memory that is the wait
 * for the collector.
 */
public final class Collected {
  private static final long GIGABYTE = 1 << 30;

  @SuppressWarnings("unused") // Written, so that what is written has to be computed.
  private static volatile ByteBuffer sink;

  private Collected() {}

  /** Arguments: {@code size} (bytes), {@code seconds}, {@code warmUp}. */
  public static void main(String[] args) {
    ProbeArgs probe = ProbeArgs.parse(args);
    int bytes = probe.number("size", 4096);
    churn(bytes, probe.warmUpNanos(), Metrics.histogram());
    Histogram histogram = Metrics.histogram();
    long start = System.nanoTime();
    long buffers = churn(bytes, probe.measureNanos(), histogram);
    Metrics.print("ns", (double) (System.nanoTime() - start) / buffers);
    Metrics.print("p50", histogram.getValueAtPercentile(50));
    Metrics.print("max", histogram.getMaxValue() / 1e6);
  }

  private static long churn(int bytes, long nanos, Histogram histogram) {
    long start = System.nanoTime();
    long now = start;
    long buffers = 0;
    while (now - start < nanos || buffers * bytes < GIGABYTE) {
      sink = ByteBuffer.allocateDirect(bytes);
      buffers++;
      long then = System.nanoTime();
      histogram.recordValue(then - now);
      now = then;
    }
    return buffers;
  }
}

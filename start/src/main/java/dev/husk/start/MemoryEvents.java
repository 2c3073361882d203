package dev.husk.start;

import dev.husk.allocator.HuskMemory;
import dev.husk.allocator.MemoryObserver;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * The allocator's slow paths as events of the flight recorder. Loaded when the first recording
 * starts.
 */
final class MemoryEvents implements MemoryObserver {
  private MemoryEvents() {}

  /** Makes the events known to the recorder now, so that no allocation has to, and begins. */
  static void register() {
    FlightRecorder.register(MemoryReturned.class);
    FlightRecorder.register(DirectMemoryLimit.class);
    FlightRecorder.register(MemoryMapped.class);
    HuskMemory.observe(new MemoryEvents());
  }

  @Override
  public void returned(long bytes, long nanos) {
    MemoryReturned event = new MemoryReturned();
    if (event.shouldCommit()) {
      event.bytes = bytes;
      event.took = nanos;
      event.commit();
    }
  }

  @Override
  public void limitReached(long size, long nanos, boolean granted) {
    DirectMemoryLimit event = new DirectMemoryLimit();
    if (event.shouldCommit()) {
      event.size = size;
      event.waited = nanos;
      event.granted = granted;
      event.commit();
    }
  }

  @Override
  public void mapped(long bytes, long total) {
    MemoryMapped event = new MemoryMapped();
    if (event.shouldCommit()) {
      event.bytes = bytes;
      event.total = total;
      event.commit();
    }
  }

  @Name("dev.husk.MemoryReturned")
  @Label("Off-Heap Memory Returned")
  @Description("Off-heap memory that nobody had used for a second went back to the kernel")
  @Category("Husk")
  @StackTrace(false)
  static final class MemoryReturned extends Event {
    @Label("Bytes")
    @DataAmount(DataAmount.BYTES)
    long bytes;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
  }

  @Name("dev.husk.DirectMemoryLimit")
  @Label("Direct Memory Limit Reached")
  @Description("A direct buffer had to wait for the collector at -XX:MaxDirectMemorySize")
  @Category("Husk")
  static final class DirectMemoryLimit extends Event {
    @Label("Size")
    @Description("What was to be allocated")
    @DataAmount(DataAmount.BYTES)
    long size;

    @Label("Waited")
    @Timespan(Timespan.NANOSECONDS)
    long waited;

    @Label("Granted")
    @Description("Whether the buffer got its memory; else there was an OutOfMemoryError")
    boolean granted;
  }

  @Name("dev.husk.MemoryMapped")
  @Label("Off-Heap Memory Mapped")
  @Description("The allocator got address space from the kernel: a region, or one large block")
  @Category("Husk")
  static final class MemoryMapped extends Event {
    @Label("Bytes")
    @DataAmount(DataAmount.BYTES)
    long bytes;

    @Label("Mapped in All")
    @DataAmount(DataAmount.BYTES)
    long total;
  }
}

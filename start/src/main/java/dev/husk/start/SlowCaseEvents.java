package dev.husk.start;

import dev.husk.scheduler.HuskThreads;
import dev.husk.scheduler.Observer;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * The scheduler's slow cases as events of the flight recorder. Loaded when the first recording
 * starts.
 *
 * <p>Threads are given by name and number, as the app knows them: the recorder's own thread fields
 * lead to what the VM knows, which aren't facades.
 */
final class SlowCaseEvents implements Observer {
  private SlowCaseEvents() {}

  /** Makes the events known to the recorder now, so that no carrier has to, and begins. */
  static void register() {
    FlightRecorder.register(HandOff.class);
    FlightRecorder.register(OwnCarrier.class);
    FlightRecorder.register(LongQueue.class);
    FlightRecorder.register(TimerLate.class);
    HuskThreads.observe(new SlowCaseEvents());
  }

  @Override
  public void handedOff(Thread thread, String carrier, long ran, String reason) {
    HandOff event = new HandOff();
    if (event.shouldCommit()) {
      event.thread = thread.getName();
      event.threadId = thread.threadId();
      event.carrier = carrier;
      event.ran = ran;
      event.reason = reason;
      event.commit();
    }
  }

  @Override
  public void gotOwnCarrier(Thread thread, String carrier, int losses) {
    OwnCarrier event = new OwnCarrier();
    if (event.shouldCommit()) {
      event.thread = thread.getName();
      event.threadId = thread.threadId();
      event.carrier = carrier;
      event.losses = losses;
      event.commit();
    }
  }

  @Override
  public void waitedLong(Thread thread, int core, long nanos) {
    LongQueue event = new LongQueue();
    if (event.shouldCommit()) {
      event.thread = thread.getName();
      event.threadId = thread.threadId();
      event.core = core;
      event.waited = nanos;
      event.commit();
    }
  }

  @Override
  public void timerLate(int core, long nanos) {
    TimerLate event = new TimerLate();
    if (event.shouldCommit()) {
      event.core = core;
      event.late = nanos;
      event.commit();
    }
  }

  @Name("dev.husk.HandOff")
  @Label("Core Handed Off")
  @Description("A core was given to another carrier, because its own was stuck in a thread")
  @Category("Husk")
  @StackTrace(false)
  static final class HandOff extends Event {
    @Label("App Thread")
    String thread;

    @Label("App Thread Id")
    long threadId;

    @Label("Carrier")
    @Description("The carrier that was stuck, and goes on with the thread")
    String carrier;

    @Label("Ran")
    @Timespan(Timespan.NANOSECONDS)
    long ran;

    @Label("Reason")
    @Description("overrun of its slice, even in a call that blocks; or pinned where it parks")
    String reason;
  }

  @Name("dev.husk.OwnCarrier")
  @Label("Thread Got a Carrier of Its Own")
  @Description("A thread kept losing its core, and has a carrier to itself from now on")
  @Category("Husk")
  @StackTrace(false)
  static final class OwnCarrier extends Event {
    @Label("App Thread")
    String thread;

    @Label("App Thread Id")
    long threadId;

    @Label("Carrier")
    String carrier;

    @Label("Losses")
    int losses;
  }

  @Name("dev.husk.LongQueue")
  @Label("Long Wait for a Core")
  @Description("A runnable thread waited for more than 20 ms in a run queue")
  @Category("Husk")
  @StackTrace(false)
  static final class LongQueue extends Event {
    @Label("App Thread")
    String thread;

    @Label("App Thread Id")
    long threadId;

    @Label("Core")
    int core;

    @Label("Waited")
    @Timespan(Timespan.NANOSECONDS)
    long waited;
  }

  @Name("dev.husk.TimerLate")
  @Label("Timer Late")
  @Description("A timed park, wait or sleep ended more than 2 ms late")
  @Category("Husk")
  @StackTrace(false)
  static final class TimerLate extends Event {
    @Label("Core")
    int core;

    @Label("Late")
    @Timespan(Timespan.NANOSECONDS)
    long late;
  }
}

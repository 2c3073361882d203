package dev.husk.runtime.timer;

/** One deadline in a {@link TimerHeap}. Made for extension: a subclass says what is due. */
public class Timer {
  /** When it is due, a value of {@link System#nanoTime()}; fixed while it is in a heap. */
  public final long deadline;

  /** Its place in the heap, -1 when in none. The heap's owner only. */
  int index = -1;

  protected Timer(long deadline) {
    this.deadline = deadline;
  }

  /** Whether it is in a heap; for the heap's owner only. */
  public final boolean isArmed() {
    return index >= 0;
  }
}

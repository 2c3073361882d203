package dev.husk.allocator;

/**
 * What the allocator tells its driver of, which reaches the flight recorder. The methods must
 * neither park nor wait for a lock.
 */
public interface MemoryObserver {
  /**
   * Memory that nobody used went back to the kernel. Called by the thread that sees to it.
   *
   * @param nanos how long that took
   */
  void returned(long bytes, long nanos);

  /**
   * A reservation found too little left below {@code MaxDirectMemorySize}, and waited for the
   * collector. Called by the thread that wants the memory.
   *
   * @param bytes what it reserves
   * @param nanos how long it waited
   * @param granted whether there was room in the end; else it throws {@link OutOfMemoryError}
   */
  void limitReached(long bytes, long nanos, boolean granted);

  /**
   * Memory was mapped. Called by a thread that wants some.
   *
   * @param total all that is mapped now, bytes
   */
  void mapped(long bytes, long total);
}

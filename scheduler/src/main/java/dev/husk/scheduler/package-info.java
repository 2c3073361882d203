/**
 * Carriers, run queues and the thread seams, and what threads and selectors wait for the kernel
 * with.
 *
 * <p>A thread's way: {@link dev.husk.scheduler.ThreadSeams} stands where the JDK would call the
 * kernel; a {@code Facade} is the app's thread and a {@code Task} what runs of it; a {@code Core}
 * has the run queue, the timers and the {@code EpollSet}, a {@code Carrier} drives it, and the
 * {@code SliceMonitor} gives it to another where that one is stuck. Who waits for a descriptor is
 * in its {@code Descriptor}'s words; what a selector knows of a socket of the kernel's is its
 * {@code Readiness}.
 */
@NullMarked
package dev.husk.scheduler;

import org.jspecify.annotations.NullMarked;

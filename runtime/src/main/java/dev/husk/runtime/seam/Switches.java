package dev.husk.runtime.seam;

import jdk.internal.vm.annotation.Stable;

/**
 * Whether the seams of each group are in, in a linked JDK; those of {@link Group#TOOLS} always are.
 * There the call sites lead to the seams from the JVM's first instruction on; until a group's
 * switch is set, and where an option leaves it off, they do what the JDK does. Under the agent
 * nobody asks.
 *
 * <p>Written once, before {@code main}, by the thread that starts Husk; read by all, plainly: who
 * reads too early an answer does what the JDK does, as before. Compiled code takes a set switch for
 * a constant.
 */
public final class Switches {
  /** {@link Group#THREADS}. */
  @Stable public static boolean threads;

  /** {@link Group#SOCKETS}. */
  @Stable public static boolean sockets;

  /** {@link Group#MEMORY}. */
  @Stable public static boolean memory;

  private Switches() {}
}

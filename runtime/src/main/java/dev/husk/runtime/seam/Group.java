package dev.husk.runtime.seam;

/** A set of seams that goes in whole or not at all. */
public enum Group {
  /** Thread start, park, sleep, identity: started platform threads run on Husk's scheduler. */
  THREADS,
  /** The natives under the JDK's channels and sockets. */
  SOCKETS,
  /** Off-heap memory. */
  MEMORY,
  /** What management tools and flight recordings tell of the other groups: in with any of them. */
  TOOLS
}

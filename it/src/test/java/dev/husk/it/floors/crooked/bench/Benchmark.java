package dev.husk.it.floors.crooked.bench;

import dev.husk.it.floors.crooked.runtime.Ground;

/** Right: the garden sees all of the house. */
public final class Benchmark {
  public Object house() {
    return new Ground();
  }
}

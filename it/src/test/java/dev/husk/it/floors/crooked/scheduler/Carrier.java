package dev.husk.it.floors.crooked.scheduler;

import dev.husk.it.floors.crooked.bench.Benchmark;
import dev.husk.it.floors.crooked.runtime.Ground;
import java.util.logging.Logger;

/** Right: the ground. Wrong: the garden, and a class outside of java.base. */
public final class Carrier {
  public Object down() {
    return new Ground();
  }

  public Object garden() {
    return new Benchmark();
  }

  public Object logger() {
    return Logger.getGlobal();
  }
}

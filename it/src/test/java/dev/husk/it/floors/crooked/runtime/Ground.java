package dev.husk.it.floors.crooked.runtime;

import dev.husk.it.floors.crooked.scheduler.Carrier;

/** Wrong: the scheduler is on the floor above. */
public final class Ground {
  public Object up() {
    return new Carrier();
  }
}

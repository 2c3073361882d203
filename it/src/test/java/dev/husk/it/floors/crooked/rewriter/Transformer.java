package dev.husk.it.floors.crooked.rewriter;

import dev.husk.it.floors.crooked.scheduler.Carrier;

/** Wrong: a room on the same floor. */
public final class Transformer {
  public Object aside() {
    return new Carrier();
  }
}

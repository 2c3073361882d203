package sun.nio.ch;

import java.io.IOException;

/** An {@code eventfd} for the scheduler, see {@link java.lang.HuskLang}. */
public final class HuskEvent {
  private final EventFD event;

  /** A new one; it stays open. */
  public HuskEvent() throws IOException {
    event = new EventFD();
  }

  /** Its descriptor. */
  public int fd() {
    return event.efd();
  }

  /** Adds one to the counter: an edge. */
  public void set() throws IOException {
    event.set();
  }
}

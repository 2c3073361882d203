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

  /** Closes it. */
  public void close() throws IOException {
    event.close();
  }

  /** The descriptor of one of the JDK's. */
  public static int fdOf(Object event) {
    return ((EventFD) event).efd();
  }

  /** Adds one to the counter of one of the JDK's. */
  public static void set(Object event) throws IOException {
    ((EventFD) event).set();
  }

  /** Sets the counter of one of the JDK's back to 0. */
  public static void reset(Object event) throws IOException {
    ((EventFD) event).reset();
  }
}

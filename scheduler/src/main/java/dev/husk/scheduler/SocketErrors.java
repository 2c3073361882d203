package dev.husk.scheduler;

/**
 * The C library's words for what can go wrong with a connection. They are the same in glibc and
 * musl; where the user's language has others they aren't translated.
 */
public final class SocketErrors {
  /** ECONNREFUSED. */
  public static final String REFUSED = "Connection refused";

  /** ETIMEDOUT. */
  public static final String TIMED_OUT = "Connection timed out";

  /** ECONNRESET. */
  public static final String RESET = "Connection reset by peer";

  /** EPIPE. */
  public static final String BROKEN_PIPE = "Broken pipe";

  private SocketErrors() {}
}

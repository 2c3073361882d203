package dev.husk.ab.load;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A protocol on one connection: makes requests and judges replies. One request is under way at a
 * time. The thread of the connection's loop uses it, and it blocks nowhere.
 */
interface Exchange {
  /** What is known of a reply. */
  enum Reply {
    /** It isn't whole. */
    PARTIAL,
    CORRECT,
    WRONG,
    /** It will never be whole. */
    MISSING
  }

  /**
   * Starts a request.
   *
   * @param number of the request, unlike any other of the run
   * @return its bytes; they stay as they are until the next one is started
   */
  ByteBuffer begin(long number);

  /** Takes what has come, all of it unless the reply is whole or wrong. */
  Reply receive(ByteBuffer in);

  /** The app has closed. */
  Reply end();

  /** Whether a byte of the reply has come. */
  boolean begun();

  /** Whether the connection may have another request, when the last reply was whole. */
  boolean reusable();

  /** Whether a request may be sent again when the connection was closed before a reply. */
  boolean repeatable();

  /** Why the last reply was wrong or missing. */
  String problem();

  /**
   * Bytes have come that no request asked for.
   *
   * @return why that is wrong, null where the protocol has such
   */
  @Nullable String unasked(ByteBuffer in);
}

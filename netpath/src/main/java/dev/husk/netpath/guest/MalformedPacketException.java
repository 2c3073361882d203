package dev.husk.netpath.guest;

import java.io.IOException;

/** Bytes from outside that aren't what their format says. */
final class MalformedPacketException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedPacketException(String message) {
    super(message);
  }
}

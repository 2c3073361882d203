package dev.husk.image.app;

import java.io.IOException;

/** What was given can't be packed; the message says why, and what would help. */
public final class AppException extends IOException {
  private static final long serialVersionUID = 1;

  AppException(String message) {
    super(message);
  }
}

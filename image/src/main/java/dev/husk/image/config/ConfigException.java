package dev.husk.image.config;

import java.io.IOException;

/** A configuration file that can't be understood; the message begins with where. */
public final class ConfigException extends IOException {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }
}

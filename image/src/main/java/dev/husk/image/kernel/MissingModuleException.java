package dev.husk.image.kernel;

import java.io.IOException;

/** A module that is wanted or needed is neither there nor built into the kernel. */
public final class MissingModuleException extends IOException {
  private static final long serialVersionUID = 1;

  MissingModuleException(String message) {
    super(message);
  }
}

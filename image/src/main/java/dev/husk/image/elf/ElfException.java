package dev.husk.image.elf;

import java.io.IOException;

/**
 * A file isn't ELF, is broken, or is for another machine; the message says which file and where.
 */
public final class ElfException extends IOException {
  private static final long serialVersionUID = 1;

  ElfException(String message) {
    super(message);
  }
}

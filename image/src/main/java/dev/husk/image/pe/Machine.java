package dev.husk.image.pe;

import java.io.IOException;

/** The processors that kernels and EFI applications are for. */
public enum Machine {
  /** AMD64, Intel 64. */
  X86_64(0x8664),
  /** 64-bit ARM. */
  AARCH64(0xaa64);

  private final int number;

  Machine(int number) {
    this.number = number;
  }

  /** The number in the header of a PE file. */
  int number() {
    return number;
  }

  /** The machine of this number in the header of a PE file. */
  static Machine of(int number) throws IOException {
    for (Machine machine : values()) {
      if (machine.number == number) {
        return machine;
      }
    }
    throw new IOException(
        "a PE file for the machine 0x%x, neither x86-64 nor aarch64".formatted(number));
  }
}

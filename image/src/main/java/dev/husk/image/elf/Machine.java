package dev.husk.image.elf;

import java.util.Arrays;
import java.util.Optional;

/** A kind of CPU that images are made for. */
public enum Machine {
  X86_64(62, "x86-64", "x86_64", "/lib64/ld-linux-x86-64.so.2"),
  AARCH64(183, "aarch64", "aarch64", "/lib/ld-linux-aarch64.so.1");

  private final int number;
  private final String label;
  private final String platform;
  private final String interpreter;

  Machine(int number, String label, String platform, String interpreter) {
    this.number = number;
    this.label = label;
    this.platform = platform;
    this.interpreter = interpreter;
  }

  /** The machine that this JVM runs on, if it is one of these. */
  public static Optional<Machine> host() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64", "arm64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }

  /** The one of a number in {@code e_machine}, if it is one of these. */
  public static Optional<Machine> of(int number) {
    return Arrays.stream(values()).filter(machine -> machine.number == number).findFirst();
  }

  /** Its number in {@code e_machine}. */
  int number() {
    return number;
  }

  /** What {@code $PLATFORM} stands for, and how musl calls it. */
  String platform() {
    return platform;
  }

  /** The directory of Debian's libraries of this machine, below lib. */
  String multiarch() {
    return platform + "-linux-gnu";
  }

  /** Where glibc's dynamic linker lies on every distribution. */
  String interpreter() {
    return interpreter;
  }

  /** As it is written for people: {@code x86-64}. */
  @Override
  public String toString() {
    return label;
  }
}

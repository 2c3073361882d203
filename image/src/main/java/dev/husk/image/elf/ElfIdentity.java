package dev.husk.image.elf;

import java.util.Map;
import java.util.Optional;

/**
 * What the first 20 bytes of an ELF file say about whom it is for, also where Husk can't use it.
 *
 * @param system {@code EI_OSABI} of the System V ABI: whose system calls and libraries it expects
 * @param bits 32 or 64
 * @param bigEndian whether its numbers are
 * @param machine {@code e_machine} of the System V ABI
 */
public record ElfIdentity(int system, int bits, boolean bigEndian, int machine) {
  /** Those who name themselves; what is 0 is of Linux or of a system that doesn't. */
  private static final Map<Integer, String> OTHER_SYSTEMS =
      Map.of(2, "NetBSD", 6, "Solaris", 9, "FreeBSD", 12, "OpenBSD");

  /** How many bytes {@link #of} needs. */
  public static final int SIZE = 20;

  /** Whether these are the first bytes of an ELF file. */
  public static boolean isElf(byte[] start) {
    return start.length >= 4
        && start[0] == 0x7f
        && start[1] == 'E'
        && start[2] == 'L'
        && start[3] == 'F';
  }

  /**
   * Reads it.
   *
   * @param name of the file, for messages
   * @param start the first bytes of the file, or all
   * @throws ElfException if it isn't an ELF file
   */
  public static ElfIdentity of(String name, byte[] start) throws ElfException {
    if (!isElf(start)) {
      throw new ElfException(name + " is not an ELF file");
    }
    if (start.length < SIZE) {
      throw new ElfException(name + " ends inside its ELF header");
    }
    int bits =
        switch (start[4]) {
          case 1 -> 32;
          case 2 -> 64;
          default -> throw new ElfException(name + ": unknown ELF class " + start[4]);
        };
    boolean bigEndian =
        switch (start[5]) {
          case 1 -> false;
          case 2 -> true;
          default -> throw new ElfException(name + ": unknown ELF byte order " + start[5]);
        };
    int low = Byte.toUnsignedInt(start[bigEndian ? 19 : 18]);
    int high = Byte.toUnsignedInt(start[bigEndian ? 18 : 19]);
    return new ElfIdentity(Byte.toUnsignedInt(start[7]), bits, bigEndian, high << 8 | low);
  }

  /** The machine, if images are made for it and for this system. */
  public Optional<Machine> supported() {
    if (bits == 64 && !bigEndian && !OTHER_SYSTEMS.containsKey(system)) {
      for (Machine supported : Machine.values()) {
        if (supported.number() == machine) {
          return Optional.of(supported);
        }
      }
    }
    return Optional.empty();
  }

  /** For people: {@code 32-bit big-endian PowerPC}, {@code FreeBSD's 64-bit x86-64}. */
  @Override
  public String toString() {
    String name =
        switch (machine) {
          case 2, 18, 43 -> "SPARC";
          case 3 -> "x86";
          case 8 -> "MIPS";
          case 20, 21 -> "PowerPC";
          case 22 -> "S/390";
          case 40 -> "ARM";
          case 62 -> "x86-64";
          case 183 -> "aarch64";
          case 243 -> "RISC-V";
          case 258 -> "LoongArch";
          default -> "machine " + machine;
        };
    String owner = OTHER_SYSTEMS.get(system);
    return (owner == null ? "" : owner + "'s ")
        + bits
        + "-bit "
        + (bigEndian ? "big-endian " : "")
        + name;
  }
}

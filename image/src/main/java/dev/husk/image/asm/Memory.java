package dev.husk.image.asm;

import org.jspecify.annotations.Nullable;

/**
 * A place in memory: some bytes behind the address that a register holds, or behind a label. The
 * latter is encoded relative to the instruction, so that a program runs wherever it is loaded.
 */
public final class Memory implements Operand {
  private final Width width;
  private final @Nullable Register base;
  private final @Nullable String label;
  private final int displacement;

  private Memory(Width width, @Nullable Register base, @Nullable String label, int displacement) {
    this.width = width;
    this.base = base;
    this.label = label;
    this.displacement = displacement;
  }

  /** The byte at {@code base + displacement}. */
  public static Memory byteAt(Register base, int displacement) {
    return at(Width.BYTE, base, displacement);
  }

  /** The two bytes at {@code base + displacement}. */
  public static Memory wordAt(Register base, int displacement) {
    return at(Width.WORD, base, displacement);
  }

  /** The four bytes at {@code base + displacement}. */
  public static Memory dwordAt(Register base, int displacement) {
    return at(Width.DWORD, base, displacement);
  }

  /** The eight bytes at {@code base + displacement}. */
  public static Memory qwordAt(Register base, int displacement) {
    return at(Width.QWORD, base, displacement);
  }

  /** The byte at {@code label}. */
  public static Memory byteAt(String label) {
    return new Memory(Width.BYTE, null, label, 0);
  }

  /** The two bytes at {@code label + displacement}. */
  public static Memory wordAt(String label, int displacement) {
    return new Memory(Width.WORD, null, label, displacement);
  }

  /** The four bytes at {@code label + displacement}. */
  public static Memory dwordAt(String label, int displacement) {
    return new Memory(Width.DWORD, null, label, displacement);
  }

  /** The eight bytes at {@code label + displacement}. */
  public static Memory qwordAt(String label, int displacement) {
    return new Memory(Width.QWORD, null, label, displacement);
  }

  private static Memory at(Width width, Register base, int displacement) {
    if (base.width() != Width.QWORD) {
      throw new IllegalArgumentException(base + " holds no address");
    }
    return new Memory(width, base, null, displacement);
  }

  @Override
  public Width width() {
    return width;
  }

  /** The register that holds the address, or null for a label. */
  @Nullable Register base() {
    return base;
  }

  /** The label; null beside a register. */
  @Nullable String label() {
    return label;
  }

  /** What is added to the address. */
  int displacement() {
    return displacement;
  }

  /** The address alone, in brackets. */
  String address() {
    String start = base != null ? base.toString() : String.valueOf(label);
    if (displacement == 0) {
      return "[" + start + "]";
    }
    String sign = displacement < 0 ? "-" : "+";
    return "[" + start + sign + "0x" + Integer.toHexString(Math.abs(displacement)) + "]";
  }

  /** As disassemblers write it: {@code QWORD PTR [rbx+0x8]}. */
  @Override
  public String toString() {
    return width + " PTR " + address();
  }
}

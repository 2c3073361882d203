package dev.husk.image.asm;

/** How many bytes an operand has. */
public enum Width {
  /** One byte. */
  BYTE(1),
  /** Two bytes. */
  WORD(2),
  /** Four bytes. What is written to a register clears its upper half. */
  DWORD(4),
  /** Eight bytes. */
  QWORD(8);

  private final int bytes;

  Width(int bytes) {
    this.bytes = bytes;
  }

  /** The number of bytes. */
  int bytes() {
    return bytes;
  }

  /** A number of this width as disassemblers write it. */
  String hex(long value) {
    return "0x" + Long.toHexString(this == QWORD ? value : value & ((1L << (8 * bytes)) - 1));
  }
}

package dev.husk.image.asm;

import java.util.Locale;

/** A register, or the lower part of one. */
public enum Register implements Operand {
  AL(Width.BYTE, 0),
  CL(Width.BYTE, 1),
  DL(Width.BYTE, 2),
  AX(Width.WORD, 0),
  CX(Width.WORD, 1),
  DX(Width.WORD, 2),
  EAX(Width.DWORD, 0),
  ECX(Width.DWORD, 1),
  EDX(Width.DWORD, 2),
  EBX(Width.DWORD, 3),
  ESI(Width.DWORD, 6),
  EDI(Width.DWORD, 7),
  R8D(Width.DWORD, 8),
  R10D(Width.DWORD, 10),
  R12D(Width.DWORD, 12),
  R13D(Width.DWORD, 13),
  R14D(Width.DWORD, 14),
  RAX(Width.QWORD, 0),
  RCX(Width.QWORD, 1),
  RDX(Width.QWORD, 2),
  RBX(Width.QWORD, 3),
  RSP(Width.QWORD, 4),
  RBP(Width.QWORD, 5),
  RSI(Width.QWORD, 6),
  RDI(Width.QWORD, 7),
  R8(Width.QWORD, 8),
  R9(Width.QWORD, 9),
  R10(Width.QWORD, 10),
  R12(Width.QWORD, 12),
  R13(Width.QWORD, 13),
  R14(Width.QWORD, 14);

  private final Width width;
  private final int number;

  Register(Width width, int number) {
    this.width = width;
    this.number = number;
  }

  @Override
  public Width width() {
    return width;
  }

  /** Its number in an encoding, 0 to 15. */
  int number() {
    return number;
  }

  /** Its name in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

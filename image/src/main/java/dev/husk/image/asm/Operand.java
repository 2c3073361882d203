package dev.husk.image.asm;

/** What an instruction works on. */
public sealed interface Operand permits Register, Memory {

  /** How many bytes of it. */
  Width width();
}

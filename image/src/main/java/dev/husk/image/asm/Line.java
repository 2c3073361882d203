package dev.husk.image.asm;

/**
 * A line of a program: an instruction, or data behind the instructions.
 *
 * @param offset of its first byte in the program
 * @param length how many bytes it has
 * @param data not an instruction
 * @param text as it stands in the source, with labels by their names
 * @param note why it is there; may be empty
 */
record Line(int offset, int length, boolean data, String text, String note) {

  Line withNote(String why) {
    return new Line(offset, length, data, text, why);
  }
}

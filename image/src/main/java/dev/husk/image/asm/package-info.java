/**
 * A small assembler for x86-64, for the programs that stand before the JVM in an image.
 *
 * <p>{@link dev.husk.image.asm.Assembler} has a method for each form of an instruction that those
 * programs need, and no others; what it makes is a {@link dev.husk.image.asm.Program} that knows
 * its own listing, and {@link dev.husk.image.asm.StaticElf} makes an executable of one. Encodings
 * are of the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 */
@NullMarked
package dev.husk.image.asm;

import org.jspecify.annotations.NullMarked;

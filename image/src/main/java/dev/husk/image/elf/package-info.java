/**
 * Native code as the dynamic linker sees it: what an ELF file needs and offers, and which files a
 * set of them needs together.
 *
 * <p>{@link dev.husk.image.elf.ElfFile} is one file, read by its program headers alone; {@link
 * dev.husk.image.elf.SearchPath} says where a C library looks for others, and {@link
 * dev.husk.image.elf.NativeClosure} follows them all and tells what is missing, before a machine
 * boots without it. Nothing of a file is run or loaded.
 */
@NullMarked
package dev.husk.image.elf;

import org.jspecify.annotations.NullMarked;

/**
 * PE files as UEFI firmware loads them, and the Unified Kernel Image, which is one.
 *
 * <p>{@link dev.husk.image.pe.PeFile} reads and writes the format; {@link dev.husk.image.pe.Uki}
 * puts a stub, a kernel and what belongs to it into one file and takes them out again.
 */
@NullMarked
package dev.husk.image.pe;

import org.jspecify.annotations.NullMarked;

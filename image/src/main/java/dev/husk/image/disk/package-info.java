/**
 * Disks that firmware boots from: a GPT with an EFI system partition that holds a tree of files.
 *
 * <p>{@link dev.husk.image.disk.DiskImage} makes one and reads one; {@link
 * dev.husk.image.disk.DiskFormat} is the file it comes in, raw or qcow2, and {@link
 * dev.husk.image.disk.Blocks} the bytes of a disk, whatever file they lie in. Behind these are the
 * formats, each with a class that writes and one that reads: {@code Gpt}, {@code FatVolume} and
 * {@code FatReader}, {@code Qcow2Output} and {@code Qcow2Blocks}.
 *
 * <p>Specifications: "UEFI" is the UEFI specification 2.10, "fatgen103" Microsoft's FAT file system
 * specification 1.03, "qcow2" QEMU's docs/interop/qcow2.txt.
 */
@NullMarked
package dev.husk.image.disk;

import org.jspecify.annotations.NullMarked;

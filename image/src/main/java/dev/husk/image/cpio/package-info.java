/**
 * The newc format of cpio, in which the kernel takes its initramfs.
 *
 * <p>{@link dev.husk.image.cpio.CpioWriter} makes an archive of a {@link
 * dev.husk.image.tree.FileTree}, {@link dev.husk.image.cpio.CpioReader} a tree of one or several
 * archives. The format is that of the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst ("buffer-format" below).
 */
@NullMarked
package dev.husk.image.cpio;

import org.jspecify.annotations.NullMarked;

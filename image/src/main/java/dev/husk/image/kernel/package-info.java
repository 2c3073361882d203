/**
 * The Linux kernel of an image: where one is found, what it is, and the modules that it needs.
 *
 * <p>{@link dev.husk.image.kernel.Kernels} finds a {@link dev.husk.image.kernel.Kernel}: a {@link
 * dev.husk.image.kernel.KernelFile} and the {@link dev.husk.image.kernel.KernelModules} beside it.
 * {@link dev.husk.image.kernel.Vmlinux} takes the ELF file out of a compressed kernel, for machines
 * that boot it directly.
 */
@NullMarked
package dev.husk.image.kernel;

import org.jspecify.annotations.NullMarked;

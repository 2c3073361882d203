package dev.husk.image.kernel;

import dev.husk.image.tree.Content;

/**
 * A module as the kernel loads it.
 *
 * @param name as {@code lsmod} prints it: {@code virtio_pci}
 * @param content the ELF file, not compressed
 */
public record KernelModule(String name, Content content) {

  /** More than any module has. */
  static final int MOST_BYTES = 64 << 20;

  /** The name of its file, without a folder: {@code virtio_pci.ko}. */
  public String fileName() {
    return name + ".ko";
  }
}

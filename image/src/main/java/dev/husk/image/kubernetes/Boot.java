package dev.husk.image.kubernetes;

/** What a virtual machine of KubeVirt starts from. */
public sealed interface Boot {

  /** The container image that it comes in. */
  String image();

  /**
   * A disk with an EFI system partition.
   *
   * @param image with the disk in {@code /disk}
   */
  record Disk(String image) implements Boot {}

  /**
   * A kernel and an initramfs.
   *
   * @param image with both in it, readable by user 107
   * @param kernelPath absolute, in the image
   * @param initrdPath absolute, in the image
   * @param commandLine of the kernel
   */
  record Kernel(String image, String kernelPath, String initrdPath, String commandLine)
      implements Boot {}
}

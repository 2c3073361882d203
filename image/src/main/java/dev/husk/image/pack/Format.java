package dev.husk.image.pack;

import java.nio.file.Path;
import java.util.Locale;

/** What an image can be written as. */
public enum Format {
  /** A disk with a GPT and an EFI system partition, raw. */
  DISK,

  /** The same disk for QEMU. */
  QCOW2,

  /** A Unified Kernel Image. */
  UKI,

  /** A directory of what a machine is booted from directly. */
  BOOT,

  /** An OCI image layout in a tar archive. */
  OCI,

  /** What {@code docker load} reads. */
  DOCKER,

  /** The qcow2 disk as a container image, which is how KubeVirt takes one. */
  CONTAINER_DISK;

  /** What a file's name says. */
  public static Format of(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".qcow2")) {
      return QCOW2;
    }
    if (name.endsWith(".efi")) {
      return UKI;
    }
    if (name.endsWith(".disk.tar")) {
      return CONTAINER_DISK;
    }
    if (name.endsWith(".oci.tar") || name.endsWith(".oci")) {
      return OCI;
    }
    return name.endsWith(".tar") ? DOCKER : DISK;
  }
}

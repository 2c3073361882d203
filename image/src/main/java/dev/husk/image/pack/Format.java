package dev.husk.image.pack;

import java.nio.file.Path;
import java.util.Locale;

/** What an image can be written as. */
public enum Format {
  /** A disk with a GPT, an EFI system partition and one with the root file system, raw. */
  DISK(".img"),

  /** The same disk for QEMU. */
  QCOW2(".qcow2"),

  /** A Unified Kernel Image with the root file system in it. */
  UKI(".efi"),

  /** A directory of what a machine is booted from directly. */
  BOOT(".boot"),

  /** The qcow2 disk as a container image, which is how KubeVirt takes one. */
  CONTAINER_DISK(".disk.tar"),

  /** An OCI image layout in a tar archive. */
  OCI(".oci.tar"),

  /** What {@code docker load} reads. */
  DOCKER(".tar");

  private final String suffix;

  Format(String suffix) {
    this.suffix = suffix;
  }

  /** How the names of its files end. */
  public String suffix() {
    return suffix;
  }

  /** What a file's name says; one that says nothing is a disk's. */
  public static Format of(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    for (Format format : values()) {
      // In their order: .tar ends the names of others, too.
      if (name.endsWith(format.suffix)) {
        return format;
      }
    }
    return name.endsWith(".oci") ? OCI : DISK;
  }
}

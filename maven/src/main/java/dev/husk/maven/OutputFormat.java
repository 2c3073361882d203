package dev.husk.maven;

/** What {@code husk pack --format} knows, and how the names of its files end. */
public enum OutputFormat {
  DISK(".img"),
  QCOW2(".qcow2"),
  UKI(".efi"),
  BOOT(".boot"),
  CONTAINER_DISK(".disk.tar"),
  OCI(".oci.tar"),
  DOCKER(".tar");

  private final String suffix;

  OutputFormat(String suffix) {
    this.suffix = suffix;
  }

  /** The end of a file's name, from which the command knows the format. */
  public String suffix() {
    return suffix;
  }
}

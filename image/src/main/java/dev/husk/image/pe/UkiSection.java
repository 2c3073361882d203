package dev.husk.image.pe;

/**
 * The sections of a Unified Kernel Image that Husk writes, in the order of the file: what is small
 * first, so that it is read without the rest. All but {@link #HUSK} are of the UAPI Group's
 * specification "Unified Kernel Image"; texts are UTF-8 and end with the section, without a zero.
 */
public enum UkiSection {
  /** What /etc/os-release says. */
  OSREL(".osrel"),
  /** The release of the kernel, as {@code uname -r} prints it. */
  UNAME(".uname"),
  /** The command line of the kernel. */
  CMDLINE(".cmdline"),
  /** Husk's manifest of the image, JSON. */
  HUSK(".husk"),
  /** The kernel, an EFI application itself. */
  LINUX(".linux"),
  /** The initial ramdisk. */
  INITRD(".initrd");

  private final String section;

  UkiSection(String section) {
    this.section = section;
  }

  /** The name of the section. */
  public String section() {
    return section;
  }
}

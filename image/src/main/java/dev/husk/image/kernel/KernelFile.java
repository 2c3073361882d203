package dev.husk.image.kernel;

import dev.husk.image.elf.Machine;
import dev.husk.image.pe.PeFile;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Linux kernel as a file.
 *
 * @param name what messages call it
 * @param content the file
 * @param format how it is stored
 * @param machine what it runs on
 * @param version its release, as {@code uname -r} prints it: {@code 6.1.0-37-cloud-amd64}
 * @param efiStub whether UEFI firmware can start it: CONFIG_EFI_STUB
 */
public record KernelFile(
    String name, Content content, Format format, Machine machine, String version, boolean efiStub) {

  /** How a kernel is stored. */
  public enum Format {
    /** Compressed, behind the set-up code of x86. */
    BZIMAGE,
    /** An ELF file. */
    VMLINUX,
    /** Uncompressed, behind the header of arm64. */
    ARM64_IMAGE
  }

  private static final int ARM64_HEADER = 64;
  private static final int ARM64_MAGIC_AT = 56;
  private static final int ARM64_MAGIC = 0x644d5241;

  /**
   * Reads what is said at the begin of a file; of one that doesn't say its version there, all of
   * it.
   *
   * @throws IOException if it is no kernel, saying what it is instead, or a broken one
   */
  public static KernelFile of(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      String why =
          Files.isReadable(file)
              ? "not a file"
              : Files.exists(file) ? "may not be read" : "isn't there";
      throw new IOException(file + ": " + why);
    }
    return of(file.toString(), Content.of(file));
  }

  /** As {@link #of(Path)}, from another place than a file. */
  public static KernelFile of(String name, Content content) throws IOException {
    try {
      return read(name, content);
    } catch (IOException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }

  private static KernelFile read(String name, Content content) throws IOException {
    byte[] head = head(content);
    if (SetupHeader.begins(head)) {
      String banner = SetupHeader.read(head, content).banner();
      String version = KernelBanner.version(banner);
      return new KernelFile(
          name, content, Format.BZIMAGE, Machine.X86_64, version, efiStub(head, content));
    }
    if (isArm64(head)) {
      String version = KernelBanner.find(content);
      return new KernelFile(
          name, content, Format.ARM64_IMAGE, Machine.AARCH64, version, efiStub(head, content));
    }
    if (ElfFile.begins(head)) {
      Machine machine = ElfFile.read(content).machine();
      String version = KernelBanner.find(content);
      return new KernelFile(name, content, Format.VMLINUX, machine, version, false);
    }
    throw new IOException("not a Linux kernel, but " + ForeignFile.describe(head));
  }

  private static byte[] head(Content content) throws IOException {
    try (InputStream in = content.open()) {
      return in.readNBytes(SetupHeader.MOST_SETUP);
    }
  }

  /** Documentation/arch/arm64/booting.rst. */
  private static boolean isArm64(byte[] head) {
    return head.length >= ARM64_HEADER
        && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(ARM64_MAGIC_AT)
            == ARM64_MAGIC;
  }

  private static boolean efiStub(byte[] head, Content content) throws IOException {
    return head[0] == 'M'
        && head[1] == 'Z'
        && PeFile.read(content).subsystem() == PeFile.EFI_APPLICATION;
  }

  /** The compressed vmlinux of a bzImage. */
  Content payload() throws IOException {
    return SetupHeader.read(head(content), content).payload();
  }
}

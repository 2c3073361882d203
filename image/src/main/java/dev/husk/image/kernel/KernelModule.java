package dev.husk.image.kernel;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A module as the kernel loads it.
 *
 * @param name as {@code lsmod} prints it: {@code virtio_pci}
 * @param content the ELF file, not compressed
 */
public record KernelModule(String name, Content content) {

  /** More than any module has. */
  static final int MOST_BYTES = 64 << 20;

  // The end of a signed module: the signature, struct module_signature, this text.
  private static final byte[] SIGNED =
      "~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SIGNATURE_RECORD_BYTES = 12;

  /**
   * The module without the signature behind it. A kernel takes it all the same, unless it insists
   * on signatures, as under Secure Boot; and needn't compute an RSA power for it, which takes
   * longer than all else of loading.
   *
   * @throws IOException if reading fails, or the signature is longer than the file
   */
  public KernelModule unsigned() throws IOException {
    byte[] bytes = content.bytes();
    int record = bytes.length - SIGNED.length - SIGNATURE_RECORD_BYTES;
    if (record < 0
        || !Arrays.equals(
            bytes, bytes.length - SIGNED.length, bytes.length, SIGNED, 0, SIGNED.length)) {
      return this;
    }
    // Big-endian, and the record's last.
    int length = ByteBuffer.wrap(bytes).getInt(record + SIGNATURE_RECORD_BYTES - Integer.BYTES);
    if (length < 0 || length > record) {
      throw new IOException("module " + name + ": a signature of " + length + " bytes");
    }
    return new KernelModule(name, Content.of(Arrays.copyOf(bytes, record - length)));
  }

  /** The name of its file, without a folder: {@code virtio_pci.ko}. */
  public String fileName() {
    return name + ".ko";
  }
}

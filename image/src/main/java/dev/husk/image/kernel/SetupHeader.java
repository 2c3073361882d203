package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The setup header of a bzImage (Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header").
 *
 * @param banner release, builder and date
 * @param payload the compressed vmlinux
 */
record SetupHeader(String banner, Content payload) {

  /** As many bytes of the file hold all of the set-up code: 255 sectors and the boot sector. */
  static final int MOST_SETUP = 256 * 512;

  private static final int SECTOR = 512;
  private static final int SETUP_SECTS = 0x1f1;
  private static final int BOOT_FLAG = 0x1fe;
  private static final int HEADER = 0x202;
  private static final int VERSION = 0x206;
  private static final int KERNEL_VERSION = 0x20e;
  private static final int XLOADFLAGS = 0x236;
  private static final int PAYLOAD_OFFSET = 0x248;
  private static final int PAYLOAD_LENGTH = 0x24c;
  private static final int END = 0x250;

  private static final int HDRS = 0x53726448;
  private static final int XLF_KERNEL_64 = 1;
  // Linux 3.8, the first with xloadflags.
  private static final int OLDEST = 0x20c;

  /** Tells whether a file with this begin is a bzImage. */
  static boolean begins(byte[] head) {
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    return head.length >= END
        && bytes.getShort(BOOT_FLAG) == (short) 0xaa55
        && bytes.getInt(HEADER) == HDRS;
  }

  /**
   * Reads it from the begin of a file, for which {@link #begins} holds.
   *
   * @throws IOException if it is broken or of a kernel that we don't boot
   */
  static SetupHeader read(byte[] head, Content file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int version = bytes.getShort(VERSION) & 0xffff;
    if (version < OLDEST) {
      throw new IOException(
          "a kernel with boot protocol %d.%02d, older than 2.12 (Linux 3.8)"
              .formatted(version >> 8, version & 0xff));
    }
    if ((bytes.getShort(XLOADFLAGS) & XLF_KERNEL_64) == 0) {
      throw new IOException("a 32-bit kernel");
    }
    int sectors = head[SETUP_SECTS] & 0xff;
    int setup = ((sectors == 0 ? 4 : sectors) + 1) * SECTOR;
    long offset = setup + (bytes.getInt(PAYLOAD_OFFSET) & 0xffff_ffffL);
    long length = bytes.getInt(PAYLOAD_LENGTH) & 0xffff_ffffL;
    if (length == 0 || offset > file.size() - length) {
      throw new IOException(
          "broken or cut off kernel: its payload, %d bytes at %d, lies outside the file of %d bytes"
              .formatted(length, offset, file.size()));
    }
    return new SetupHeader(banner(head, setup), file.part(offset, length));
  }

  /** A text in the set-up code; its place is said as of the second sector. */
  private static String banner(byte[] head, int setup) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int begin = SECTOR + (bytes.getShort(KERNEL_VERSION) & 0xffff);
    int end = begin;
    int most = Math.min(setup, head.length);
    while (end < most && head[end] != 0) {
      end++;
    }
    if (begin == SECTOR || end >= most) {
      throw new IOException(
          "broken kernel: its version at %d lies outside its set-up code".formatted(begin));
    }
    return new String(head, begin, end - begin, ISO_8859_1);
  }
}

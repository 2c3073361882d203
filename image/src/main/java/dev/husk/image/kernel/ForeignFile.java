package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;

/** What a file is that isn't a kernel, for the message. */
final class ForeignFile {
  private static final int LOOKED_AT = 512;
  private static final int SHOWN = 8;

  private ForeignFile() {}

  /** A few words on a file that begins so. */
  static String describe(byte[] head) {
    if (head.length == 0) {
      return "an empty file";
    }
    Compression compression = Compression.of(head);
    if (compression != Compression.NONE) {
      return "a file compressed with " + compression + ": decompress it first";
    }
    String text = new String(head, 0, Math.min(head.length, LOOKED_AT), ISO_8859_1);
    if (text.startsWith("!<arch>\n")) {
      return "a Debian package or another ar archive";
    }
    if (text.startsWith("PK")) {
      return "a zip or jar file";
    }
    if (text.startsWith("07070")) {
      return "a cpio archive, such as an initramfs";
    }
    if (text.startsWith("zimg", 4)) {
      return "a kernel compressed for EFI (zboot): take the Image that it was made from";
    }
    if (text.startsWith("MZ")) {
      return "another program for EFI or Windows";
    }
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f || c >= '\t' && c <= '\r')) {
      return "text";
    }
    if (head.length < LOOKED_AT) {
      return "a file of " + head.length + " bytes";
    }
    return "a file that begins with " + HexFormat.ofDelimiter(" ").formatHex(head, 0, SHOWN);
  }
}

package dev.husk.image.cpio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What stands before each entry: a magic and 13 numbers of eight hexadecimal digits, of which the
 * owner, the group and the checksum aren't kept here.
 *
 * @param inode names of the same inode and device are links to one file
 * @param mode type and permissions, as in {@code st_mode}
 * @param size of the body, unsigned
 * @param nameSize with the zero byte at its end
 */
record Header(
    int inode,
    int mode,
    int links,
    int time,
    int size,
    int deviceMajor,
    int deviceMinor,
    int major,
    int minor,
    int nameSize) {

  /** In bytes. */
  static final int SIZE = 110;

  /** Names and bodies begin at multiples of this. */
  static final int ALIGNMENT = 4;

  /** The name of an archive's last entry. */
  static final String TRAILER = "TRAILER!!!";

  /** PATH_MAX, zero byte included: the kernel leaves out names and links that are longer. */
  static final int LONGEST_PATH = 4096;

  static final int TYPE = 0170000;
  static final int REGULAR_FILE = 0100000;
  static final int DIRECTORY = 0040000;
  static final int SYMLINK = 0120000;
  static final int BLOCK_DEVICE = 0060000;
  static final int CHARACTER_DEVICE = 0020000;
  static final int PERMISSIONS = 07777;

  private static final String MAGIC = "070701";

  /** The same format with a checksum, which the kernel doesn't look at either. */
  private static final String CHECKSUM_MAGIC = "070702";

  private static final int DIGITS = 8;

  /** How many bytes follow a name or a body that ends here. */
  static int padding(long end) {
    return (int) (-end & (ALIGNMENT - 1));
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(SIZE).append(MAGIC);
    int[] fields = {
      inode, mode, 0, 0, links, time, size, deviceMajor, deviceMinor, major, minor, nameSize, 0
    };
    for (int field : fields) {
      text.append(HexFormat.of().withUpperCase().toHexDigits(field));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The header in these {@link #SIZE} bytes.
   *
   * @param position where they lie, for what is wrong with them
   */
  static Header parse(byte[] bytes, long position) throws IOException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(MAGIC) && !text.startsWith(CHECKSUM_MAGIC)) {
      throw new IOException("no header of a newc archive at byte " + position);
    }
    int[] fields = new int[(SIZE - MAGIC.length()) / DIGITS];
    for (int i = 0; i < fields.length; i++) {
      int begin = MAGIC.length() + i * DIGITS;
      for (int at = begin; at < begin + DIGITS; at++) {
        int digit = Character.digit(text.charAt(at), 16);
        if (digit < 0) {
          throw new IOException("not a hexadecimal digit at byte " + (position + at));
        }
        fields[i] = fields[i] << 4 | digit;
      }
    }
    return new Header(
        fields[0],
        fields[1],
        fields[4],
        fields[5],
        fields[6],
        fields[7],
        fields[8],
        fields[9],
        fields[10],
        fields[11]);
  }
}

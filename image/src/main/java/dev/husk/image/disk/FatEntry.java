package dev.husk.image.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The entries of directories, of 32 bytes each: one for a file's short name, where it is and its
 * size, and before it those of the long name (fatgen103, "FAT Directory Structure", "FAT Long
 * Directory Entries").
 */
final class FatEntry {

  /** In bytes. */
  static final int SIZE = 32;

  static final int ATTRIBUTES_OFFSET = 11;
  static final int CASE_OFFSET = 12;
  static final int CHECKSUM_OFFSET = 13;
  static final int CLUSTER_HIGH_OFFSET = 20;
  static final int CLUSTER_LOW_OFFSET = 26;
  static final int FILE_SIZE_OFFSET = 28;

  static final int VOLUME_LABEL = 0x08;
  static final int DIRECTORY = 0x10;
  static final int ARCHIVE = 0x20;

  /** The attributes of a piece of a long name. */
  static final int LONG_NAME = 0x0F;

  /** In the number of a long name's last piece, which comes first. */
  static final int LAST = 0x40;

  /** A name's first byte: the entry was deleted. */
  static final int DELETED = 0xE5;

  /** How long a short name is as it is stored, and the part of it before the dot. */
  static final int SHORT_NAME = 11;

  static final int BASE = 8;

  /** How many characters an entry has of a long name, and where each is. */
  static final int PIECE = 13;

  private static final int[] CHARACTERS = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

  /** 1 January 1980, the first there is: {@code FileTree.TIME}. The time of day is zero. */
  private static final short DATE = 1 << 5 | 1;

  private static final int[] DATE_OFFSETS = {16, 18, 24};

  private FatEntry() {}

  /** How many entries a file has. */
  static int count(String name, String shortName) {
    return name.equals(shortName) ? 1 : 1 + Math.ceilDiv(name.length(), PIECE);
  }

  /** Puts all entries of a file or a directory. */
  static void put(
      ByteBuffer to, String name, String shortName, int attributes, int cluster, long size) {
    byte[] padded = padded(shortName);
    int pieces = count(name, shortName) - 1;
    for (int piece = pieces; piece > 0; piece--) {
      int at = to.position();
      to.put(at, (byte) (piece == pieces ? piece | LAST : piece));
      to.put(at + ATTRIBUTES_OFFSET, (byte) LONG_NAME);
      to.put(at + CHECKSUM_OFFSET, checksum(padded));
      for (int i = 0; i < PIECE; i++) {
        int index = (piece - 1) * PIECE + i;
        // A zero ends the name if there is room for it; the rest is all ones.
        char c = index < name.length() ? name.charAt(index) : index == name.length() ? 0 : '\uFFFF';
        to.putChar(at + CHARACTERS[i], c);
      }
      to.position(at + SIZE);
    }
    put(to, padded, attributes, cluster, size);
  }

  /** Puts the entry of a name as it is stored. */
  static void put(ByteBuffer to, byte[] padded, int attributes, int cluster, long size) {
    int at = to.position();
    to.put(at, padded);
    to.put(at + ATTRIBUTES_OFFSET, (byte) attributes);
    for (int offset : DATE_OFFSETS) {
      to.putShort(at + offset, DATE);
    }
    to.putShort(at + CLUSTER_HIGH_OFFSET, (short) (cluster >> 16));
    to.putShort(at + CLUSTER_LOW_OFFSET, (short) cluster);
    to.putInt(at + FILE_SIZE_OFFSET, (int) size);
    to.position(at + SIZE);
  }

  /** A short name as it is stored: without its dot, both parts filled up with spaces. */
  static byte[] padded(String shortName) {
    int dot = shortName.startsWith(".") ? -1 : shortName.indexOf('.');
    String base = dot < 0 ? shortName : shortName.substring(0, dot);
    String extension = dot < 0 ? "" : shortName.substring(dot + 1);
    return "%-8s%-3s".formatted(base, extension).getBytes(StandardCharsets.US_ASCII);
  }

  /** What ties the pieces of a long name to the short one. */
  static byte checksum(byte[] padded) {
    int sum = 0;
    for (byte b : padded) {
      sum = (((sum & 1) << 7) + (sum >> 1) + b) & 0xFF;
    }
    return (byte) sum;
  }

  /** Puts the characters of a piece where they belong in the whole name. */
  static void getPiece(ByteBuffer from, int at, char[] name, int piece) {
    for (int i = 0; i < PIECE; i++) {
      name[(piece - 1) * PIECE + i] = from.getChar(at + CHARACTERS[i]);
    }
  }
}

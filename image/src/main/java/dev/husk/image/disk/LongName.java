package dev.husk.image.disk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts a long name together from its pieces, which come from the last one to the first. */
final class LongName {
  private static final int MOST_PIECES = 20;

  private final char[] name = new char[MOST_PIECES * FatEntry.PIECE];
  private int pieces;
  private int next;
  private byte checksum;

  /** Takes the piece in the entry at {@code at}. */
  void add(ByteBuffer from, int at) {
    int number = Byte.toUnsignedInt(from.get(at));
    int piece = number & ~FatEntry.LAST;
    byte sum = from.get(at + FatEntry.CHECKSUM_OFFSET);
    boolean first = (number & FatEntry.LAST) != 0;
    if (piece == 0 || piece > MOST_PIECES || !first && (piece != next || sum != checksum)) {
      clear();
      return;
    }
    if (first) {
      pieces = piece;
      checksum = sum;
    }
    FatEntry.getPiece(from, at, name, piece);
    next = piece - 1;
  }

  /** The name, or null if not all its pieces came before the entry of this short name. */
  @Nullable String take(byte[] padded) {
    boolean whole = pieces > 0 && next == 0 && checksum == FatEntry.checksum(padded);
    int length = 0;
    while (length < pieces * FatEntry.PIECE && name[length] != 0) {
      length++;
    }
    clear();
    return whole ? new String(name, 0, length) : null;
  }

  /** Forgets the pieces taken. */
  void clear() {
    pieces = 0;
    next = 0;
  }
}

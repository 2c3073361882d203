package dev.husk.rewriter;

import java.nio.charset.StandardCharsets;

/**
 * Finds out whether a class file mentions the name of a seam's target, by one pass over its
 * constant pool.
 *
 * <p>This runs for each class that an app loads, interpreted at first, and says no nearly always.
 * So a name is looked up by its length alone first, then by a hash of its length, first and last
 * byte, and compared last; nothing is allocated but the array of offsets.
 */
final class ConstantPoolScan {

  private static final int BUCKETS = 1024;

  /** Bit {@code n % 64} is set when a name of {@code n} bytes is looked for. */
  private final long lengths;

  /** Identifiers from 1 on; {@link #next} links those of a bucket. */
  private final short[] buckets = new short[BUCKETS];

  private final short[] next;
  private final byte[][] names;

  /** By identifier: the seams that have a target of this name; a construction's is its type. */
  final int[][] seamsOfName;

  /** A scan for the targets of the table's seams that {@code some} selects. */
  ConstantPoolScan(SeamTable table, boolean[] some) {
    Seam[] seams = table.seams;
    names = new byte[seams.length + 1][];
    next = new short[seams.length + 1];
    seamsOfName = new int[seams.length + 1][];
    long mask = 0;
    int count = 0;
    for (int i = 0; i < seams.length; i++) {
      if (!some[i]) {
        continue;
      }
      Seam seam = seams[i];
      String text = seam.shape() == Seam.Shape.NEW ? seam.type() : seam.member();
      byte[] name = text.getBytes(StandardCharsets.UTF_8);
      int id = find(name, 0, name.length);
      if (id == 0) {
        id = ++count;
        names[id] = name;
        int bucket = hash(name, 0, name.length);
        next[id] = buckets[bucket];
        buckets[bucket] = (short) id;
        mask |= 1L << name.length;
        seamsOfName[id] = new int[] {i};
      } else {
        int[] old = seamsOfName[id];
        int[] more = new int[old.length + 1];
        System.arraycopy(old, 0, more, 0, old.length);
        more[old.length] = i;
        seamsOfName[id] = more;
      }
    }
    lengths = mask;
  }

  private static int hash(byte[] b, int start, int length) {
    return (b[start] * 31 + b[start + length - 1] * 7 + length) & (BUCKETS - 1);
  }

  private int find(byte[] b, int start, int length) {
    for (int id = buckets[hash(b, start, length)]; id != 0; id = next[id]) {
      if (equal(names[id], b, start, length)) {
        return id;
      }
    }
    return 0;
  }

  private static boolean equal(byte[] name, byte[] b, int start, int length) {
    if (name.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (name[i] != b[start + i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The class file's constant pool, or null when it has none of the names.
   *
   * @throws RuntimeException if the bytes are no class file
   */
  ConstantPool scan(byte[] b) {
    long lengths = this.lengths;
    short[] buckets = this.buckets;
    int count = (b[8] & 255) << 8 | b[9] & 255;
    int[] offsets = new int[count];
    short[] ids = null;
    int at = 10;
    for (int i = 1; i < count; i++) {
      offsets[i] = at;
      switch (b[at]) {
        case ConstantPool.UTF8:
          int length = (b[at + 1] & 255) << 8 | b[at + 2] & 255;
          if ((lengths >>> length & 1) != 0
              && length != 0
              && buckets[(b[at + 3] * 31 + b[at + 2 + length] * 7 + length) & (BUCKETS - 1)] != 0) {
            int id = find(b, at + 3, length);
            if (id != 0) {
              if (ids == null) {
                ids = new short[count];
              }
              ids[i] = (short) id;
            }
          }
          at += 3 + length;
          break;
        case ConstantPool.CLASS:
        case ConstantPool.STRING:
        case ConstantPool.METHOD_TYPE:
        case ConstantPool.MODULE:
        case ConstantPool.PACKAGE:
          at += 3;
          break;
        case ConstantPool.FIELD:
        case ConstantPool.METHOD:
        case ConstantPool.INTERFACE_METHOD:
        case ConstantPool.NAME_AND_TYPE:
        case ConstantPool.INTEGER:
        case ConstantPool.FLOAT:
        case ConstantPool.DYNAMIC:
        case ConstantPool.INVOKE_DYNAMIC:
          at += 5;
          break;
        case ConstantPool.LONG:
        case ConstantPool.DOUBLE:
          at += 9;
          i++;
          break;
        case ConstantPool.METHOD_HANDLE:
          at += 4;
          break;
        default:
          throw new MalformedClassException("constant tag");
      }
    }
    if (at > b.length) {
      throw new MalformedClassException("cut off in the constant pool");
    }
    return ids == null ? null : new ConstantPool(b, offsets, ids, at);
  }
}

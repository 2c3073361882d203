package dev.husk.rewriter;

import java.nio.charset.StandardCharsets;

/**
 * The constant pool of one class file, and what is appended to it. Accessors throw {@code
 * RuntimeException} on malformed class files.
 */
final class ConstantPool {

  static final byte UTF8 = 1;
  static final byte INTEGER = 3;
  static final byte FLOAT = 4;
  static final byte LONG = 5;
  static final byte DOUBLE = 6;
  static final byte CLASS = 7;
  static final byte STRING = 8;
  static final byte FIELD = 9;
  static final byte METHOD = 10;
  static final byte INTERFACE_METHOD = 11;
  static final byte NAME_AND_TYPE = 12;
  static final byte METHOD_HANDLE = 15;
  static final byte METHOD_TYPE = 16;
  static final byte DYNAMIC = 17;
  static final byte INVOKE_DYNAMIC = 18;
  static final byte MODULE = 19;
  static final byte PACKAGE = 20;

  private static final short[] NO_IDS = new short[0];

  final byte[] b;

  /** By index: where the constant starts; 0 for index 0 and the upper half of long and double. */
  final int[] offsets;

  /** By index: the identifier that {@link ConstantPoolScan} gave to the name, 0 for others. */
  final short[] ids;

  /** Where the constant pool ends. */
  final int end;

  private byte[] appended = new byte[256];
  private int appendedLength;
  private int count;

  ConstantPool(byte[] b, int[] offsets, short[] ids, int end) {
    this.b = b;
    this.offsets = offsets;
    this.ids = ids;
    this.end = end;
    count = offsets.length;
  }

  /** The constant pool of a class file that is only looked at. */
  static ConstantPool of(byte[] b) {
    int count = (b[8] & 255) << 8 | b[9] & 255;
    int[] offsets = new int[count];
    int at = 10;
    for (int i = 1; i < count; i++) {
      offsets[i] = at;
      switch (b[at]) {
        case UTF8:
          at += 3 + ((b[at + 1] & 255) << 8 | b[at + 2] & 255);
          break;
        case CLASS:
        case STRING:
        case METHOD_TYPE:
        case MODULE:
        case PACKAGE:
          at += 3;
          break;
        case METHOD_HANDLE:
          at += 4;
          break;
        case LONG:
        case DOUBLE:
          at += 9;
          i++;
          break;
        default:
          at += 5;
          break;
      }
    }
    return new ConstantPool(b, offsets, NO_IDS, at);
  }

  int u1(int at) {
    return b[at] & 255;
  }

  int u2(int at) {
    return (b[at] & 255) << 8 | b[at + 1] & 255;
  }

  int s2(int at) {
    return b[at] << 8 | b[at + 1] & 255;
  }

  int s4(int at) {
    return u2(at) << 16 | u2(at + 2);
  }

  /** The number of constants, those appended too. */
  int count() {
    return count;
  }

  /** Where the constant with this tag starts. */
  int at(int index, byte tag) {
    int offset = offsets[index];
    // Where there is no constant the offset is 0, and the byte there, 0xCA, is no tag.
    if (b[offset] != tag) {
      throw new MalformedClassException("constant of the wrong kind");
    }
    return offset;
  }

  /** The index of the name of a class constant. */
  int className(int index) {
    return u2(at(index, CLASS) + 1);
  }

  /** Whether the UTF-8 constant is this text, which is ASCII. */
  boolean is(int index, String text) {
    int at = at(index, UTF8);
    int length = text.length();
    if (u2(at + 1) != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (b[at + 3 + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A UTF-8 constant, for names that are compared with names of seams or shown to people. */
  String text(int index) {
    int at = at(index, UTF8);
    return new String(b, at + 3, u2(at + 1), StandardCharsets.UTF_8);
  }

  /** The name of a class constant as text. */
  String classText(int index) {
    return text(className(index));
  }

  // What follows appends. Indexes of appended constants are not for the accessors above.

  int append(byte tag, int first, int second) {
    reserve(5);
    put1(tag);
    put2(first);
    put2(second);
    return count++;
  }

  int appendClass(int name) {
    reserve(3);
    put1(CLASS);
    put2(name);
    return count++;
  }

  int appendHandle(int kind, int reference) {
    reserve(4);
    put1(METHOD_HANDLE);
    put1(kind);
    put2(reference);
    return count++;
  }

  int appendUtf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    reserve(3 + bytes.length);
    put1(UTF8);
    put2(bytes.length);
    System.arraycopy(bytes, 0, appended, appendedLength, bytes.length);
    appendedLength += bytes.length;
    return count++;
  }

  private void reserve(int bytes) {
    if (appendedLength + bytes > appended.length) {
      byte[] larger = new byte[2 * appended.length + bytes];
      System.arraycopy(appended, 0, larger, 0, appendedLength);
      appended = larger;
    }
  }

  private void put1(int value) {
    appended[appendedLength++] = (byte) value;
  }

  private void put2(int value) {
    appended[appendedLength++] = (byte) (value >> 8);
    appended[appendedLength++] = (byte) value;
  }

  /**
   * {@code body}, a copy of the class file with changes of the same size, with what was appended.
   */
  byte[] assemble(byte[] body) {
    byte[] out = new byte[body.length + appendedLength];
    System.arraycopy(body, 0, out, 0, end);
    System.arraycopy(appended, 0, out, end, appendedLength);
    System.arraycopy(body, end, out, end + appendedLength, body.length - end);
    out[8] = (byte) (count >> 8);
    out[9] = (byte) count;
    return out;
  }
}

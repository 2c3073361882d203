package dev.husk.image.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian bytes of a file; whoever reads beyond them is told so by an exception. */
final class Bytes {
  private final String file;
  private final String part;
  private final ByteBuffer data;

  private Bytes(String file, String part, ByteBuffer data) {
    this.file = file;
    this.part = part;
    this.data = data.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All of a file. */
  static Bytes of(String file, byte[] bytes) {
    return new Bytes(file, "file", ByteBuffer.wrap(bytes));
  }

  int size() {
    return data.limit();
  }

  /** Some of these bytes. */
  Bytes slice(String name, long at, long length) throws ElfException {
    check(at, length);
    return new Bytes(file, name, data.slice((int) at, (int) length));
  }

  /** From here on. */
  Bytes from(String name, long at) throws ElfException {
    return slice(name, at, at < 0 || at > size() ? 0 : size() - at);
  }

  int u8(long at) throws ElfException {
    check(at, 1);
    return Byte.toUnsignedInt(data.get((int) at));
  }

  int u16(long at) throws ElfException {
    check(at, 2);
    return Short.toUnsignedInt(data.getShort((int) at));
  }

  long u32(long at) throws ElfException {
    check(at, 4);
    return Integer.toUnsignedLong(data.getInt((int) at));
  }

  /** Sizes and addresses: one above {@link Long#MAX_VALUE} is negative and so out of each range. */
  long i64(long at) throws ElfException {
    check(at, 8);
    return data.getLong((int) at);
  }

  void check(long at, long length) throws ElfException {
    if (at < 0 || length < 0 || at > size() - length) {
      throw error(
          "%d bytes at offset %d lie outside of its %d bytes".formatted(length, at, size()));
    }
  }

  ElfException error(String what) {
    return new ElfException(file + ": " + part + ": " + what);
  }
}

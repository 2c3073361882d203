package dev.husk.netpath;

import jdk.internal.misc.Unsafe;

/** How a native gets its native memory: as an address and a length, or as an array of such. */
enum Buffers {
  /** The address and the length of the one buffer. */
  ONE {
    @Override
    int count(int length) {
      return 1;
    }

    @Override
    long address(long address, int i) {
      return address;
    }

    @Override
    long length(long address, int length, int i) {
      return length;
    }
  },

  /** The address of an array of {@code struct iovec}, two 64-bit words each, and how many. */
  VECTORS {
    @Override
    int count(int length) {
      return length;
    }

    @Override
    long address(long address, int i) {
      return U.getLong(address + i * 16L);
    }

    @Override
    long length(long address, int length, int i) {
      return U.getLong(address + i * 16L + 8);
    }
  };

  private static final Unsafe U = Unsafe.getUnsafe();

  /** How many buffers there are. */
  abstract int count(int length);

  /** Where the {@code i}th is. */
  abstract long address(long address, int i);

  /** How long it is. */
  abstract long length(long address, int length, int i);

  /** How long all are. */
  final long size(long address, int length) {
    long size = 0;
    for (int i = 0; i < count(length); i++) {
      size += length(address, length, i);
    }
    return size;
  }
}

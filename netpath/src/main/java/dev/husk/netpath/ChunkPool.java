package dev.husk.netpath;

import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.internal.misc.Unsafe;

/**
 * A few arrays for the larger chunks of {@link StreamRing}s that no stream uses at the moment. Any
 * thread, no lock: a slot is emptied and filled by exchanging what is in it.
 */
final class ChunkPool {
  private static final int SLOTS = 16;

  private static final ChunkPool medium = new ChunkPool();
  private static final ChunkPool large = new ChunkPool();

  private final AtomicReferenceArray<byte[]> slots = new AtomicReferenceArray<>(SLOTS);

  private ChunkPool() {}

  /** An array of that size, with anything in it. */
  static byte[] take(int size) {
    if (size != StreamRing.SMALL) {
      AtomicReferenceArray<byte[]> slots = (size == StreamRing.LARGE ? large : medium).slots;
      for (int i = 0; i < SLOTS; i++) {
        if (slots.getPlain(i) != null) {
          byte[] bytes = slots.getAndSet(i, null);
          if (bytes != null) {
            return bytes;
          }
        }
      }
    }
    return (byte[]) Unsafe.getUnsafe().allocateUninitializedArray(byte.class, size);
  }

  /** Keeps an array, or leaves it to the collector where there are enough or it's small. */
  static void give(byte[] bytes) {
    if (bytes.length != StreamRing.SMALL) {
      AtomicReferenceArray<byte[]> slots =
          (bytes.length == StreamRing.LARGE ? large : medium).slots;
      for (int i = 0; i < SLOTS; i++) {
        if (slots.getPlain(i) == null && slots.compareAndSet(i, null, bytes)) {
          return;
        }
      }
    }
  }
}

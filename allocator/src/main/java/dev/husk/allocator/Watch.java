package dev.husk.allocator;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a block that is watched: where it was allocated, when, by whom and how large.
 *
 * <p>A throwable for its trace alone, which the VM takes in about a microsecond and which becomes
 * text only when somebody asks for it. Never thrown.
 */
final class Watch extends Throwable {
  private static final long serialVersionUID = 1;
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long FREED = U.objectFieldOffset(Watch.class, "freed");

  /** What was asked for. */
  final long bytes;

  /** How many blocks of this size it stands for, itself included. */
  final double blocks;

  /** {@link System#nanoTime()} of the allocation. */
  final long born = System.nanoTime();

  final String thread = Thread.currentThread().getName();

  /** Where the block was freed, in the safety mode; set once. */
  volatile @Nullable Watch freed;

  Watch(long bytes, double blocks) {
    super(null, null, false, true);
    this.bytes = bytes;
    this.blocks = blocks;
  }

  /** Notes where the block was freed; false where it was before. */
  boolean free(Watch by) {
    return freed == null && U.compareAndSetReference(this, FREED, null, by);
  }

  /** The bytes that it stands for. */
  double weight() {
    return blocks * bytes;
  }

  /** The frames from the first on that isn't Husk's. */
  String trace(int most) {
    StringBuilder out = new StringBuilder();
    StackTraceElement[] frames = getStackTrace();
    int first = firstOutside(frames);
    for (int i = first; i < frames.length && i < first + most; i++) {
      out.append("  at ").append(frames[i]).append('\n');
    }
    return out.toString();
  }

  /** The place in the program that asked: below the JDK and the buffers of Netty. */
  String place() {
    StackTraceElement[] frames = getStackTrace();
    for (int i = 0; i < frames.length; i++) {
      if (!isPlumbing(frames[i].getClassName())) {
        return frames[i].toString();
      }
    }
    return frames.length == 0 ? "an unknown place" : frames[frames.length - 1].toString();
  }

  private static int firstOutside(StackTraceElement[] frames) {
    int first = 0;
    while (first < frames.length && isOwn(frames[first].getClassName())) {
      first++;
    }
    return first == frames.length ? 0 : first;
  }

  private static boolean isOwn(String type) {
    return switch (type) {
      case "dev.husk.allocator.Allocator",
          "dev.husk.allocator.Checks",
          "dev.husk.allocator.CleanerSeams",
          "dev.husk.allocator.MemorySeams",
          "dev.husk.allocator.Sampling" ->
          true;
      default -> false;
    };
  }

  private static boolean isPlumbing(String type) {
    return isOwn(type)
        || type.startsWith("java.")
        || type.startsWith("jdk.")
        || type.startsWith("sun.")
        || type.startsWith("io.netty.buffer.")
        || type.startsWith("io.netty.util.");
  }
}

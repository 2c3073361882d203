package dev.husk.scheduler;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Leads from the {@code Runnable} that the JDK submits back to the virtual thread. */
final class Continuations {
  /** The class of the JDK's {@code this::runContinuation}, one for all threads. */
  private static volatile @Nullable Class<?> type;

  private static long offset;

  private Continuations() {}

  /** The thread, or null when the JDK's object isn't a lambda over one. Not for hot paths. */
  static @Nullable Thread thread(Runnable continuation) {
    Class<?> type = Continuations.type;
    if (type == null) {
      type = continuation.getClass();
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() == Jdk.VIRTUAL_THREAD) {
          offset = Jdk.U.objectFieldOffset(field);
          Continuations.type = type;
        }
      }
    }
    return continuation.getClass() == Continuations.type
        ? (Thread) Jdk.U.getReference(continuation, offset)
        : null;
  }
}

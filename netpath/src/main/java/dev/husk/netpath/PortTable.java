package dev.husk.netpath;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Something for each port number, made when it's first asked for, and kept. Any thread. */
abstract class PortTable<P> {
  private static final int SHIFT = 8;
  private static final int PAGE = 1 << SHIFT;

  private final AtomicReferenceArray<AtomicReferenceArray<P>> pages =
      new AtomicReferenceArray<>(PAGE);

  /** Makes what is to be kept for a number. */
  abstract P make(int number);

  /** What there is for a number, or null. */
  final @Nullable P find(int number) {
    AtomicReferenceArray<P> page = pages.get(number >>> SHIFT & (PAGE - 1));
    return page == null ? null : page.get(number & (PAGE - 1));
  }

  /** What there is for a number, made where it's missing. */
  final P of(int number) {
    int at = number >>> SHIFT & (PAGE - 1);
    AtomicReferenceArray<P> page = pages.get(at);
    if (page == null) {
      pages.compareAndSet(at, null, new AtomicReferenceArray<>(PAGE));
      page = pages.get(at);
    }
    P entry = page.get(number & (PAGE - 1));
    if (entry == null) {
      page.compareAndSet(number & (PAGE - 1), null, make(number));
      entry = page.get(number & (PAGE - 1));
    }
    return entry;
  }
}

package dev.husk.allocator;

import java.util.function.Consumer;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * From an address to what lives there: a radix tree over the pages of a 48-bit address space, whose
 * inner nodes are made when they are needed and stay.
 *
 * <p>Entries are written by whoever owns the page run and read by whoever has an address in it,
 * which orders the two; an address that was never ours is looked up at any time. So plain reads do:
 * a reader finds the node that its entry is in, or none.
 */
final class PageMap {
  private static final Unsafe U = Unsafe.getUnsafe();

  private static final int LEAF_BITS = 10;
  private static final int NODE_BITS = 10;
  private static final int ROOT_BITS = 48 - PageRun.PAGE_BITS - LEAF_BITS - NODE_BITS;

  private static final int NODE_SHIFT = PageRun.PAGE_BITS + LEAF_BITS;
  private static final int ROOT_SHIFT = NODE_SHIFT + NODE_BITS;
  private static final int LEAF_MASK = (1 << LEAF_BITS) - 1;
  private static final int NODE_MASK = (1 << NODE_BITS) - 1;

  private static final Tenant[][][] ROOT = new Tenant[1 << ROOT_BITS][][];

  private PageMap() {}

  /** What lives at an address, or null where nothing of ours does. Any thread. */
  static @Nullable Tenant find(long address) {
    long top = address >>> ROOT_SHIFT;
    if (top >= ROOT.length) {
      return null;
    }
    Tenant[][] node = ROOT[(int) top];
    if (node == null) {
      return null;
    }
    Tenant[] leaf = node[(int) (address >>> NODE_SHIFT) & NODE_MASK];
    return leaf == null ? null : leaf[(int) (address >>> PageRun.PAGE_BITS) & LEAF_MASK];
  }

  /** Shows all that lives anywhere; what comes and goes meanwhile may be missed. Any thread. */
  static void forEach(Consumer<Tenant> consumer) {
    Tenant last = null;
    for (Tenant[][] node : ROOT) {
      for (int i = 0; node != null && i < node.length; i++) {
        Tenant[] leaf = node[i];
        for (int k = 0; leaf != null && k < leaf.length; k++) {
          Tenant tenant = leaf[k];
          if (tenant != null && tenant != last) {
            consumer.accept(tenant);
            last = tenant;
          }
        }
      }
    }
  }

  /** Whether the map can hold a run. */
  static boolean reaches(PageRun run) {
    return (run.base + run.bytes - 1) >>> ROOT_SHIFT < ROOT.length;
  }

  /** Enters who lives in a run, or that nobody does. The run's owner. */
  static void set(PageRun run, @Nullable Tenant tenant) {
    for (long at = run.base; at < run.base + run.bytes; at += PageRun.PAGE) {
      Tenant[] leaf = leaf(at);
      U.putReferenceRelease(leaf, at((int) (at >>> PageRun.PAGE_BITS) & LEAF_MASK), tenant);
    }
  }

  private static Tenant[] leaf(long address) {
    int top = (int) (address >>> ROOT_SHIFT);
    Tenant[][] node = ROOT[top];
    if (node == null) {
      Tenant[][] made = new Tenant[1 << NODE_BITS][];
      node = U.compareAndSetReference(ROOT, at(top), null, made) ? made : ROOT[top];
    }
    int middle = (int) (address >>> NODE_SHIFT) & NODE_MASK;
    Tenant[] leaf = node[middle];
    if (leaf == null) {
      Tenant[] made = new Tenant[1 << LEAF_BITS];
      leaf = U.compareAndSetReference(node, at(middle), null, made) ? made : node[middle];
    }
    return leaf;
  }

  private static long at(int index) {
    return Unsafe.ARRAY_OBJECT_BASE_OFFSET + (long) index * Unsafe.ARRAY_OBJECT_INDEX_SCALE;
  }
}

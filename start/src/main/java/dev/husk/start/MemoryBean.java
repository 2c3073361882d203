package dev.husk.start;

import dev.husk.allocator.HuskMemory;
import dev.husk.allocator.MemorySnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.AttributeList;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/** Reads the allocator's figures. */
final class MemoryBean extends StandardMBean implements MemoryMXBean {
  private static final int KB = 1024;

  /** What attributes that are asked for together are read from. */
  private static final ThreadLocal<@Nullable MemorySnapshot> SHARED = new ThreadLocal<>();

  MemoryBean() {
    super(MemoryMXBean.class, true);
  }

  @Override
  public AttributeList getAttributes(String[] names) {
    SHARED.set(HuskMemory.snapshot());
    try {
      return super.getAttributes(names);
    } finally {
      SHARED.remove();
    }
  }

  private MemorySnapshot snapshot() {
    MemorySnapshot snapshot = SHARED.get();
    return snapshot == null ? HuskMemory.snapshot() : snapshot;
  }

  @Override
  public long getUsed() {
    return snapshot().used;
  }

  @Override
  public long getBlocks() {
    return snapshot().blocks;
  }

  @Override
  public Map<String, Long> getUsedBySizeClass() {
    long[] used = snapshot().usedBySizeClass();
    Map<String, Long> map = new LinkedHashMap<>();
    for (int i = 0; i < used.length; i++) {
      if (used[i] != 0) {
        map.put(name(MemorySnapshot.size(i)), used[i]);
      }
    }
    return map;
  }

  private static String name(int size) {
    return size % KB == 0 ? size / KB + " KB" : size + " B";
  }

  @Override
  public long getSlabs() {
    return snapshot().slabs;
  }

  @Override
  public long getLarge() {
    return snapshot().large;
  }

  @Override
  public double getFragmentation() {
    return snapshot().fragmentation();
  }

  @Override
  public long getFreeResident() {
    return snapshot().freeResident;
  }

  @Override
  public long getReturned() {
    return snapshot().returned;
  }

  @Override
  public long getMapped() {
    return snapshot().mapped;
  }

  @Override
  public long getRemoteFrees() {
    return snapshot().remoteFrees;
  }

  @Override
  public long getPageMoves() {
    return snapshot().pageMoves;
  }

  @Override
  public long getMisuses() {
    return snapshot().misuses;
  }

  @Override
  public String holders(int count) {
    return HuskMemory.holders(count);
  }
}

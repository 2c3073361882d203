package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SizeClassesTest {
  @Test
  void eachSizeGetsTheSmallestClassThatHoldsIt() {
    for (int bytes = 1; bytes <= SizeClasses.MAX; bytes++) {
      int sizeClass = SizeClasses.of(bytes);
      assertTrue(SizeClasses.size(sizeClass) >= bytes);
      assertTrue(sizeClass == 0 || SizeClasses.size(sizeClass - 1) < bytes);
    }
  }

  @Test
  void sizesAreAligned() {
    for (int i = 0; i < SizeClasses.COUNT; i++) {
      assertEquals(0, SizeClasses.size(i) % SizeClasses.ALIGNMENT);
      assertEquals(i, SizeClasses.of(SizeClasses.size(i)));
    }
  }

  @Test
  void roundingWastesAnEighthAtMost() {
    for (int bytes = 129; bytes <= SizeClasses.MAX; bytes++) {
      int size = SizeClasses.size(SizeClasses.of(bytes));
      assertTrue((size - bytes) * 8L <= size, bytes + " in " + size);
    }
  }

  @Test
  void eachSlabHoldsSomeBlocks() {
    for (int i = 0; i < SizeClasses.COUNT; i++) {
      int blocks = SizeClasses.slabBytes(i) / SizeClasses.size(i);
      assertTrue(blocks >= 4 && blocks <= 4096, i + ": " + blocks);
    }
  }

  @Test
  void runsComeInTheSmallestLengthThatHoldsThem() {
    for (int pages = 1; pages <= RunClasses.MAX_PAGES; pages++) {
      int runClass = RunClasses.of(pages);
      assertTrue(RunClasses.pages(runClass) >= pages);
      assertTrue(runClass == 0 || RunClasses.pages(runClass - 1) < pages);
    }
    assertEquals(RunClasses.MAX_PAGES, RunClasses.pages(RunClasses.COUNT - 1));
  }
}

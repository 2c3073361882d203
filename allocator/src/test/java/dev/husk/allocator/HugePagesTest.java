package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.husk.runtime.config.Options.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.Test;

final class HugePagesTest {
  private static final Unsafe U = Unsafe.getUnsafe();

  @Test
  void adviceFollowsTheSystemsChoice() {
    String madvise = "always [madvise] never\n";
    String always = "[always] madvise never\n";
    String never = "always madvise [never]\n";
    for (Pages pages : new Pages[] {Pages.AUTO, Pages.HUGE}) {
      assertEquals(MemoryCalls.HUGE, HugePages.advice(pages, madvise, HugePages.BYTES));
      assertEquals(MemoryCalls.HUGE, HugePages.advice(pages, madvise, -1));
      assertEquals(0, HugePages.advice(pages, madvise, 512 << 20));
      assertEquals(0, HugePages.advice(pages, always, HugePages.BYTES));
      assertEquals(0, HugePages.advice(pages, never, HugePages.BYTES));
      assertEquals(0, HugePages.advice(pages, "", HugePages.BYTES));
      assertEquals(0, HugePages.advice(pages, null, HugePages.BYTES));
    }
    assertEquals(MemoryCalls.NO_HUGE, HugePages.advice(Pages.SMALL, always, HugePages.BYTES));
    assertEquals(0, HugePages.advice(Pages.SMALL, madvise, HugePages.BYTES));
    assertEquals(0, HugePages.advice(Pages.SMALL, null, HugePages.BYTES));
  }

  @Test
  void poolsAreMountsOfTheRightSize() {
    assertEquals(
        List.of("/dev/huge pages", "/old"),
        HugePages.pools(
            "proc /proc proc rw,nosuid 0 0\n"
                + "hugetlbfs /read hugetlbfs ro,relatime,pagesize=2M 0 0\n"
                + "hugetlbfs /giant hugetlbfs rw,relatime,pagesize=1024M 0 0\n"
                + "hugetlbfs /dev/huge\\040pages hugetlbfs rw,relatime,pagesize=2M 0 0\n"
                + "none /old hugetlbfs rw,mode=1777 0 0\n"
                + "odd\n"));
    assertEquals(List.of(), HugePages.pools(""));
  }

  /** Where the system wants to be asked, it is, once the process has grown. */
  @Test
  void largeRegionsGetHugePages() throws Exception {
    String enabled = KernelFile.read("/sys/kernel/mm/transparent_hugepage/enabled");
    assumeTrue(enabled != null && !enabled.contains("[never]"));
    long large = 64 << 20;
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      blocks.add(Allocator.allocate(512 << 10));
    }
    for (int i = 0; i < 200 && !MemoryCalls.isReady() && !enabled.contains("[always]"); i++) {
      Thread.sleep(50);
    }
    long before = huge();
    long block = Allocator.allocate(large);
    assertEquals(0, block % HugePages.BYTES);
    U.setMemory(block, large, (byte) 1);
    assertTrue(huge() - before >= large / 2, () -> before + " to " + huge());
    Allocator.free(block);
    blocks.forEach(Allocator::free);
  }

  @Test
  void whatIsGivenBackReadsAsZero() {
    PageRun run = PageLayer.get(3 * PageRun.PAGE);
    U.setMemory(run.base, run.bytes, (byte) 1);
    run.dirty = run.bytes;
    assertTrue(PageLayer.discard(run, PageRun.PAGE, PageRun.PAGE));
    assertEquals(PageRun.PAGE, run.hole);
    assertEquals(1, U.getByte(run.base + PageRun.PAGE - 1));
    assertEquals(0, U.getByte(run.base + PageRun.PAGE));
    assertEquals(0, U.getByte(run.base + 2 * PageRun.PAGE - 1));
    assertEquals(1, U.getByte(run.base + 2 * PageRun.PAGE));
    PageLayer.put(run, System.nanoTime());
    assertSame(run, PageLayer.getFree(run.bytes));
    assertEquals(0, run.hole);
    PageLayer.put(run, System.nanoTime());
    assertFalse(PageLayer.discard(new PageRun(0, PageRun.PAGE), 0, PageRun.PAGE));
  }

  /** Bytes of this process in huge pages. */
  private static long huge() {
    try {
      String map = Files.readString(Path.of("/proc/self/smaps_rollup")).replace("kB", "");
      String plain = map.replaceAll(" +", " ").replace(":", "");
      long transparent = KernelFile.number(plain, "AnonHugePages");
      return (transparent + KernelFile.number(plain, "Private_Hugetlb")) << 10;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

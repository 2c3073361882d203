package dev.husk.allocator;

import dev.husk.runtime.config.Options;
import dev.husk.runtime.config.Options.Pages;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The memory group as the driver (agent or linked image) sees it. */
public final class HuskMemory {
  /** Gives null in a linked JDK, where the classes are there already. */
  private static @Nullable Function<String, byte @Nullable []> files;

  private static boolean on;
  private static boolean checked;
  private static volatile @Nullable MemoryObserver observer;
  private static Pages pages = Pages.AUTO;

  private HuskMemory() {}

  /**
   * Tells what the user wants and where Husk's classes in {@code java.base} come from; called
   * before the seams go in. Without {@code memory.shared=on} nothing else is done before the app
   * allocates.
   *
   * @param classFiles gives the class file of an internal name
   */
  public static void prepare(Options options, Function<String, byte @Nullable []> classFiles) {
    files = classFiles;
    checked = options.memory() == Options.Memory.CHECKED;
    pages = options.memoryPages();
    on = true;
    // Now, since linking allocates: in the middle of an allocation it would wait for itself.
    if (options.memoryShared() && !Kernel.share()) {
      System.err.println(
          "husk: memory.shared=on: off-heap memory is private, this system has no memfd_create");
    }
  }

  /** Whether the seams of memory are in. */
  public static boolean isOn() {
    return on;
  }

  static boolean isChecked() {
    return checked;
  }

  /** The pages that memory is made of. */
  static Pages pages() {
    return pages;
  }

  /** The class file of an internal name, or null where the class is there already. */
  static byte @Nullable [] classFile(String name) {
    Function<String, byte @Nullable []> files = HuskMemory.files;
    return files == null ? null : files.apply(name);
  }

  /** Gives slow cases to an observer from now on. */
  public static void observe(MemoryObserver observer) {
    HuskMemory.observer = observer;
  }

  static @Nullable MemoryObserver observer() {
    return observer;
  }

  /** What the allocator has and has done. Takes milliseconds. */
  public static MemorySnapshot snapshot() {
    return new MemorySnapshot();
  }

  /**
   * The places in the program that hold most off-heap memory, with bytes, blocks, their age and the
   * stack that allocated them: for people. Estimated from samples; exact in the safety mode.
   */
  public static String holders(int count) {
    return Holders.top(count);
  }

  /** Finds what the safety mode finds late: writes to blocks that were freed last. */
  public static void checkNow() {
    if (Checks.isOn()) {
      Quarantine.empty();
    }
  }

  /** All counters, a line each: for people. */
  public static String statistics() {
    StringBuilder out = new StringBuilder();
    MemorySnapshot now = snapshot();
    line(out, "off-heap bytes in use", now.used);
    line(out, "off-heap blocks in use", now.blocks);
    line(out, "off-heap bytes of slabs", now.slabs);
    line(out, "off-heap bytes of large blocks", now.large);
    line(out, "off-heap bytes free and resident", now.freeResident);
    line(out, "off-heap bytes mapped", now.mapped);
    line(out, "off-heap bytes given back so far", now.returned);
    line(out, "off-heap blocks freed by other threads", now.remoteFrees);
    line(out, "off-heap page runs moved", now.pageMoves);
    lineIfAny(out, "off-heap bytes on huge pages of the pool", HugePages.pooled());
    lineIfAny(out, "off-heap memory given back under pressure, times", Pressure.count());
    lineIfAny(out, "off-heap memory given back near the limit, times", PageLayer.nearLimit());
    lineIfAny(out, "off-heap memory used wrongly, times", now.misuses);
    return out.toString();
  }

  private static void lineIfAny(StringBuilder out, String name, long value) {
    if (value != 0) {
      line(out, name, value);
    }
  }

  private static void line(StringBuilder out, String name, long value) {
    out.append("husk: ").append(name).append(": ").append(value).append('\n');
  }
}

package dev.husk.allocator;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The memory group as the driver (agent or linked image) sees it. */
public final class HuskMemory {
  /** Null in a linked image, where the classes are there already. */
  private static @Nullable Function<String, byte[]> files;

  private HuskMemory() {}

  /**
   * Tells where Husk's classes in {@code java.base} come from; called before the seams go in.
   * Nothing else is done before the app allocates.
   *
   * @param classFiles gives the class file of an internal name
   */
  public static void prepare(Function<String, byte[]> classFiles) {
    files = classFiles;
  }

  /** The class file of an internal name, or null where the class is there already. */
  static byte @Nullable [] classFile(String name) {
    Function<String, byte[]> files = HuskMemory.files;
    return files == null ? null : files.apply(name);
  }

  /** All counters, a line each: for people. */
  public static String statistics() {
    StringBuilder out = new StringBuilder();
    Census census = Census.take();
    line(out, "off-heap bytes in use", census.used());
    line(out, "off-heap bytes of slabs", census.slabs());
    line(out, "off-heap bytes of large blocks", census.large());
    line(out, "off-heap bytes free and resident", PageLayer.retained());
    line(out, "off-heap bytes mapped", PageLayer.mapped());
    line(out, "off-heap bytes given back so far", PageLayer.discarded());
    if (Misuse.count() != 0) {
      line(out, "frees of what wasn't in use", Misuse.count());
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String name, long value) {
    out.append("husk: ").append(name).append(": ").append(value).append('\n');
  }
}

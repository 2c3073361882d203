package dev.husk.start;

import dev.husk.rewriter.GroupCheck;
import dev.husk.rewriter.SeamTable;
import dev.husk.rewriter.Supers;
import dev.husk.runtime.config.Options;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which groups of seams are in.
 *
 * @param sockets never without {@code threads}
 */
public record Groups(boolean threads, boolean sockets, boolean memory) {
  /** All. */
  public static final Groups ALL = new Groups(true, true, true);

  private static final String THREADS = "threads";
  private static final String SOCKETS = "sockets";
  private static final String MEMORY = "memory";

  /** In with any other. */
  private static final String TOOLS = "tools";

  /** Leaves out what can't be without another. */
  public Groups {
    sockets &= threads;
  }

  /** What the user wants. */
  public static Groups of(Options options) {
    return new Groups(options.threads(), options.sockets(), options.memory() != Options.Memory.OFF);
  }

  /** Whether there is any. */
  public boolean any() {
    return threads || memory;
  }

  /** Those that are in both. */
  public Groups and(Groups other) {
    return new Groups(threads && other.threads, sockets && other.sockets, memory && other.memory);
  }

  /** As the table of seams calls them. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    add(threads, THREADS, names);
    add(sockets, SOCKETS, names);
    add(memory, MEMORY, names);
    add(any(), TOOLS, names);
    return names;
  }

  private static void add(boolean in, String name, Set<String> names) {
    if (in) {
      names.add(name);
    }
  }

  /** Told of a group whose call sites a JDK doesn't have. */
  @FunctionalInterface
  public interface Lacking {
    /**
     * Such a group.
     *
     * @param consequence for an app, in words
     * @param sites what is missing, a sentence each
     */
    void lacks(String group, String consequence, List<String> sites);
  }

  /**
   * Those whose call sites the running JDK has, without what stands on the others.
   *
   * @param all the seams
   * @param jdk its class files
   */
  public Groups served(SeamTable all, Supers jdk, Lacking told) {
    return new Groups(
        threads && isServed(THREADS, "threads stay on the platform", all, jdk, told),
        sockets && isServed(SOCKETS, "sockets stay on the kernel", all, jdk, told),
        memory && isServed(MEMORY, "memory stays the C library's", all, jdk, told));
  }

  private static boolean isServed(
      String group, String consequence, SeamTable all, Supers jdk, Lacking told) {
    if (all.isVerified(SeamTable.runningJdk(), group)) {
      return true;
    }
    List<String> missing = GroupCheck.missing(all.only(Set.of(group)), group, jdk);
    if (!missing.isEmpty()) {
      told.lacks(group, consequence, missing);
    }
    return missing.isEmpty();
  }
}

package dev.husk.rewriter;

import org.jspecify.annotations.Nullable;

/**
 * Told what the rewriter decided. Names of classes are internal names ({@code java/lang/Thread}).
 * Called on the rewriting thread; what it throws reaches the caller of the rewriter.
 */
public interface SiteListener {

  /** Ignores everything. */
  SiteListener NONE = new SiteListener() {};

  /**
   * A site was rewritten.
   *
   * @param method the method that holds the site, or {@code ""} for a method handle, which belongs
   *     to the whole class
   */
  default void rewritten(String className, String method, Seam seam) {}

  /** A site of {@code seam} stays as it was. */
  default void leftAlone(String className, String method, Seam seam, String why) {}

  /** The class stays as it was, because it couldn't be read; its name is null where unknown. */
  default void failed(@Nullable String className, Throwable cause) {}
}

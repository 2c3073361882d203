package dev.husk.start;

import dev.husk.rewriter.Seam;
import dev.husk.rewriter.SiteListener;
import org.jspecify.annotations.Nullable;

/** Logs what becomes of each call site. */
public final class SiteLog implements SiteListener {
  private final Log log;

  /** One that writes to this log. */
  public SiteLog(Log log) {
    this.log = log;
  }

  @Override
  public void rewritten(String className, String method, Seam seam) {
    if (log.isDebug()) {
      log.debug("rewritten " + className + "#" + method + ": " + seam);
    }
  }

  @Override
  public void leftAlone(String className, String method, Seam seam, String why) {
    log.info("left alone " + className + "#" + method + ": " + seam + ": " + why);
  }

  @Override
  public void failed(@Nullable String className, Throwable cause) {
    log.info("left alone " + className + ": " + cause);
  }
}

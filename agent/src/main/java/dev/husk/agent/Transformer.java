package dev.husk.agent;

import dev.husk.rewriter.LoaderSupers;
import dev.husk.rewriter.Rewriter;
import dev.husk.rewriter.Seam;
import dev.husk.rewriter.SiteListener;
import dev.husk.start.Log;
import dev.husk.start.SiteLog;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/** Hands each class to the rewriter as it is loaded, and the log what became of it. */
final class Transformer implements ClassFileTransformer {
  private static final Module JAVA_BASE = Object.class.getModule();

  private final Rewriter rewriter;
  private final SiteListener listener;
  private volatile boolean failed;

  Transformer(Rewriter rewriter, Log log) {
    this.rewriter = rewriter;
    SiteLog sites = new SiteLog(log);
    this.listener =
        new SiteListener() {
          @Override
          public void rewritten(String className, String method, Seam seam) {
            sites.rewritten(className, method, seam);
          }

          @Override
          public void leftAlone(String className, String method, Seam seam, String why) {
            sites.leftAlone(className, method, seam, why);
          }

          @Override
          public void failed(@Nullable String className, Throwable cause) {
            if (className != null && className.startsWith("java/lang/")) {
              failed = true;
            }
            sites.failed(className, cause);
          }
        };
  }

  /** Whether a class that the threads group can't do without could not be rewritten. */
  boolean failed() {
    return failed;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable Module module,
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (loader != null && loader == Transformer.class.getClassLoader()) {
      return null;
    }
    return rewriter.rewrite(
        name, module == JAVA_BASE, classFile, new LoaderSupers(loader), listener);
  }
}

package dev.husk.image.guest;

import dev.husk.rewriter.LoaderSupers;
import dev.husk.rewriter.Rewriter;
import dev.husk.rewriter.Seam;
import dev.husk.rewriter.SeamTable;
import dev.husk.rewriter.SiteListener;
import dev.husk.runtime.seam.Switches;
import dev.husk.start.Log;
import dev.husk.start.SiteLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the app's classes as they are defined, in a linked JDK: {@code ClassLoader} calls it
 * where it hands a class file to the VM, which is where an agent's transformer would be called.
 * Classes that come out of an AOT cache were rewritten when it was trained, and never get here.
 */
public final class LinkedDefine {
  /** The seams of apps, as the linker wrote them beside this class. */
  public static final String SEAMS = "app.seams";

  private LinkedDefine() {}

  /**
   * The class file as it shall be defined, or null where it stays as it is. Any thread.
   *
   * @param name the binary name, or null where the definer gave none
   */
  public static byte @Nullable [] rewrite(
      @Nullable ClassLoader loader, @Nullable String name, byte[] b, int offset, int length) {
    // The linker has seen the classes of the JDK's own loaders.
    if (!Switches.threads
        || loader == null
        || loader == ClassLoader.getPlatformClassLoader()
        || offset < 0
        || length <= 0
        || length > b.length - offset) {
      return null;
    }
    byte[] classFile =
        offset == 0 && length == b.length ? b : Arrays.copyOfRange(b, offset, offset + length);
    return Lazy.REWRITER.rewrite(
        name == null ? null : name.replace('.', '/'),
        false,
        classFile,
        new LoaderSupers(loader),
        Lazy.LISTENER);
  }

  /** The same of a class file in a direct buffer. */
  public static byte @Nullable [] rewrite(
      @Nullable ClassLoader loader, @Nullable String name, ByteBuffer b, int offset, int length) {
    if (!Switches.threads || offset < 0 || length <= 0 || length > b.capacity() - offset) {
      return null;
    }
    byte[] classFile = new byte[length];
    b.get(offset, classFile);
    return rewrite(loader, name, classFile, 0, length);
  }

  private static final class Lazy {
    static final SiteListener LISTENER = listener();
    static final Rewriter REWRITER = new Rewriter(read());

    private static SiteListener listener() {
      Log log = LinkedStart.log();
      return log == null || !log.isInfo() ? new Silent() : new SiteLog(log);
    }

    private static SeamTable read() {
      try (InputStream in = LinkedDefine.class.getResourceAsStream(SEAMS)) {
        return SeamTable.parse(in == null ? new ByteArrayInputStream(new byte[0]) : in);
      } catch (IOException e) {
        throw new IllegalStateException("the seams of apps in java.base can't be read", e);
      }
    }
  }

  private static final class Silent implements SiteListener {
    @Override
    public void rewritten(String className, String method, Seam seam) {}

    @Override
    public void leftAlone(String className, String method, Seam seam, String why) {}

    @Override
    public void failed(@Nullable String className, Throwable cause) {}
  }
}

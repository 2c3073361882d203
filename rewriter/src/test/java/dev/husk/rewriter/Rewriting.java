package dev.husk.rewriter;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites classes of the test's class path, loads them in a loader of their own and calls them.
 */
final class Rewriting extends ClassLoader implements SiteListener {

  static final Supers CLASS_PATH = Rewriting::read;

  final List<String> rewritten = new ArrayList<>();
  final List<String> left = new ArrayList<>();
  final List<Throwable> failures = new ArrayList<>();

  private final Rewriter rewriter;
  private final Map<String, byte[]> ready = new HashMap<>();

  /** Rewrites {@code app.*} but for the JDK's and Husk's stand-ins. */
  Rewriting(Seam... seams) {
    super(Rewriting.class.getClassLoader());
    rewriter = new Rewriter(SeamTable.of(List.of(seams)));
  }

  static byte[] read(String internalName) {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(internalName + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  byte @Nullable [] rewrite(String internalName) {
    return rewrite(internalName, read(internalName));
  }

  byte @Nullable [] rewrite(String internalName, byte[] bytes) {
    return rewriter.rewrite(internalName, false, bytes, CLASS_PATH, this);
  }

  /** Makes a class loadable, rewritten. */
  Rewriting add(String internalName, byte[] bytes) {
    byte[] out = rewrite(internalName, bytes);
    ready.put(internalName.replace('/', '.'), out == null ? bytes : out);
    return this;
  }

  Object call(String className, String method, Object... arguments) throws Exception {
    for (var m : loadClass(className).getDeclaredMethods()) {
      if (m.getName().equals(method)) {
        return m.invoke(null, arguments);
      }
    }
    throw new NoSuchMethodException(method);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      byte[] bytes = ready.get(name);
      if (bytes == null
          && name.startsWith("app.")
          && !name.matches("app\\.(Target|Doer|Served|Handles.SerializableSupplier)")) {
        String internalName = name.replace('.', '/');
        bytes = rewrite(internalName);
        if (bytes == null) {
          bytes = read(internalName);
        }
      }
      return bytes == null
          ? super.loadClass(name, resolve)
          : defineClass(name, bytes, 0, bytes.length);
    }
  }

  @Override
  public void rewritten(String className, String method, Seam seam) {
    rewritten.add(className + "." + method + ": " + seam.target());
  }

  @Override
  public void leftAlone(String className, String method, Seam seam, String why) {
    left.add(className + "." + method + ": " + seam.target() + ": " + why);
  }

  @Override
  public void failed(@Nullable String className, Throwable cause) {
    failures.add(cause);
  }
}

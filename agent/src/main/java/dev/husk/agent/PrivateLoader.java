package dev.husk.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Loads what Husk has beside its boot classes: the agent, the rewriter and their libraries, from
 * {@code private/} in husk.jar. No class of the app can see or collide with them; they see the JDK
 * and Husk's boot classes.
 */
public final class PrivateLoader extends ClassLoader {
  private static final String PREFIX = "private/";

  static {
    registerAsParallelCapable();
  }

  private final JarFile jar;

  /** A loader over husk.jar. */
  public PrivateLoader(File jar) throws IOException {
    super("husk", ClassLoader.getPlatformClassLoader());
    this.jar = new JarFile(jar);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = read(PREFIX + name.replace('.', '/') + ".classdata");
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  /** An entry of the jar, or null. */
  public byte @Nullable [] read(String name) {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("reading " + name + " of " + jar.getName(), e);
    }
  }
}

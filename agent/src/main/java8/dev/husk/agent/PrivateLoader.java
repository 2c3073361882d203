package dev.husk.agent;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Loads what Husk has beside its boot classes: the agent, the rewriter and their libraries, from
 * {@code private/} in husk.jar. No class of the app can see or collide with them; they see the JDK
 * and Husk's boot classes.
 */
public final class PrivateLoader extends ClassLoader {
  private static final String PREFIX = "private/";
  private static final String AGENT = "dev.husk.agent.";
  private static final String REWRITER = "dev.husk.rewriter.";
  private static final String DRIVER = "dev.husk.agent.Agent";

  static {
    registerAsParallelCapable();
  }

  /** Set by {@link #DRIVER}'s initializer: so nothing has to be called by reflection. */
  private static volatile Driver driver;

  private final JarFile jar;

  /** A loader over husk.jar. */
  public PrivateLoader(File jar) throws IOException {
    super(ClassLoader.getSystemClassLoader().getParent());
    this.jar = new JarFile(jar);
  }

  /** husk.jar. */
  public File jar() {
    return new File(jar.getName());
  }

  /** The driver, loaded by this loader. */
  public Driver driver() throws ClassNotFoundException {
    Class.forName(DRIVER, true, this);
    return driver;
  }

  /** Called by the driver's class when it is initialized. */
  public static void register(Driver driver) {
    PrivateLoader.driver = driver;
  }

  /**
   * What can only be here isn't looked for elsewhere first: that takes longer than all the rest.
   */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(AGENT) && !name.startsWith(REWRITER)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      if (type == null) {
        byte[] bytes = classFile(name);
        // Those of the way in are the app loader's.
        type = bytes == null ? super.loadClass(name, false) : define(name, bytes);
      }
      return type;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classFile(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return define(name, bytes);
  }

  private Class<?> define(String name, byte[] bytes) {
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] classFile(String name) {
    return read(PREFIX + name.replace('.', '/') + ".classdata");
  }

  /** An entry of the jar, or null. */
  public byte[] read(String name) {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.max(32, entry.getSize()));
      byte[] buffer = new byte[8192];
      for (int n; (n = in.read(buffer)) > 0; ) {
        out.write(buffer, 0, n);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("reading " + name + " of " + jar.getName(), e);
    }
  }
}

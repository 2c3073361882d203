package dev.husk.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.jar.JarFile;

/**
 * Where the JVM enters. Java 8 bytecode, so that every JVM can load it and be told whether Husk
 * serves it; all else is reached by reflection once that is clear.
 */
public final class Entry {
  private static final String JDK = "25";

  private Entry() {}

  /** Called by the JVM before {@code main}; by JNI, see {@code NativeEntry} of the rewriter. */
  public static void premain(String args, Instrumentation instrumentation) throws Exception {
    enter(args, instrumentation, false);
  }

  /** Called by the JVM when the agent is attached to a running app. */
  public static void agentmain(String args, Instrumentation instrumentation) throws Exception {
    enter(args, instrumentation, true);
  }

  private static void enter(String args, Instrumentation instrumentation, boolean attached)
      throws Exception {
    String reason = unfit();
    if (reason != null) {
      System.err.println("husk: " + reason + "; the app runs without Husk");
      return;
    }
    try {
      File jar = jar();
      if (!isOnBootPath()) {
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(jar));
      }
      new PrivateLoader(jar).driver().start(args, instrumentation, attached);
    } catch (IllegalArgumentException e) {
      if (attached) {
        throw e;
      }
      failed(e);
    } catch (Exception e) {
      failed(e);
    } catch (LinkageError e) {
      failed(e);
    }
  }

  private static void failed(Throwable cause) {
    System.err.println("husk: start failed, the app runs without Husk: " + cause);
  }

  /** Why this JVM can't be served, or null. */
  private static String unfit() {
    String version = System.getProperty("java.specification.version");
    if (!JDK.equals(version)) {
      return "needs JDK " + JDK + ", this JVM is " + version;
    }
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    if (!"Linux".equals(os) || !("amd64".equals(arch) || "aarch64".equals(arch))) {
      return "needs Linux on x86-64 or aarch64, this is " + os + " on " + arch;
    }
    return null;
  }

  private static boolean isOnBootPath() {
    try {
      Class.forName("dev.husk.runtime.config.Options", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * husk.jar. Where it is on the boot path this class is the boot loader's, which tells no source.
   */
  private static File jar() throws URISyntaxException {
    CodeSource source = Entry.class.getProtectionDomain().getCodeSource();
    if (source != null) {
      return new File(source.getLocation().toURI());
    }
    String resource = ClassLoader.getSystemResource("dev/husk/agent/Entry.class").toString();
    // jar:file:/…/husk.jar!/dev/husk/agent/Entry.class
    return new File(new URI(resource.substring("jar:".length(), resource.indexOf('!'))));
  }
}

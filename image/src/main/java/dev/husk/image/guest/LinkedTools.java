package dev.husk.image.guest;

import dev.husk.runtime.tool.ToolObserver;
import dev.husk.start.Log;
import dev.husk.start.Reporter;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * Lets {@code java.base}, where Husk's classes are, read the modules for management and recordings
 * when the app has come to one of them; until then nothing of them is looked for.
 */
final class LinkedTools implements ToolObserver {
  private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();

  private final boolean threads;
  private final Log log;

  LinkedTools(boolean threads, Log log) {
    this.threads = threads;
    this.log = log;
  }

  @Override
  public void mbeanServerCreated() {
    read("java.management");
    // Its interfaces are called by reflection, from a module without a name.
    LANG.addExports(Object.class.getModule(), Reporter.class.getPackageName());
    new Reporter(threads, log).mbeanServerCreated();
  }

  @Override
  public void recordingStarts() {
    read("jdk.jfr");
    new Reporter(threads, log).recordingStarts();
  }

  @Override
  public void recordingEnds() {
    new Reporter(threads, log).recordingEnds();
  }

  /** Does nothing where the module isn't there. */
  static void read(String name) {
    Module module = ModuleLayer.boot().findModule(name).orElse(null);
    if (module != null) {
      LANG.addReads(Object.class.getModule(), module);
    }
  }
}

package dev.husk.image.guest;

import dev.husk.runtime.tool.ToolObserver;
import dev.husk.start.Log;
import dev.husk.start.Reporter;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * Lets {@code java.base}, where Husk's classes are, read the modules for management and recordings
 * when the app has come to one of them; until then nothing of them is looked for.
 *
 * <p>A run that trains an AOT cache is told nothing. Husk's beans and events have their supers in
 * those modules, and once in a cache they would be loaded with the rest of {@code java.base},
 * before there is any other module: such a JVM doesn't start.
 */
final class LinkedTools implements ToolObserver {
  private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();

  private final boolean training;
  private final boolean threads;
  private final Log log;

  LinkedTools(boolean training, boolean threads, Log log) {
    this.training = training;
    this.threads = threads;
    this.log = log;
  }

  @Override
  public void mbeanServerCreated() {
    if (training) {
      return;
    }
    read("java.management");
    // Its interfaces are called by reflection, from a module without a name.
    LANG.addExports(Object.class.getModule(), Reporter.class.getPackageName());
    new Reporter(threads, log).mbeanServerCreated();
  }

  @Override
  public void recordingStarts() {
    if (training) {
      return;
    }
    read("jdk.jfr");
    new Reporter(threads, log).recordingStarts();
  }

  @Override
  public void recordingEnds() {
    if (!training) {
      new Reporter(threads, log).recordingEnds();
    }
  }

  /** Does nothing where the module isn't there. */
  static void read(String name) {
    Module module = ModuleLayer.boot().findModule(name).orElse(null);
    if (module != null) {
      LANG.addReads(Object.class.getModule(), module);
    }
  }
}

package dev.husk.agent;

import dev.husk.rewriter.LoaderSupers;
import dev.husk.rewriter.Rewriter;
import dev.husk.rewriter.SeamPack;
import dev.husk.rewriter.SeamTable;
import dev.husk.runtime.config.OptionException;
import dev.husk.runtime.config.Options;
import dev.husk.runtime.tool.ToolSeams;
import dev.husk.scheduler.HuskThreads;
import dev.husk.start.Groups;
import dev.husk.start.Log;
import dev.husk.start.Reporter;
import dev.husk.start.Startup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The load-time driver: reads the options, opens what the boot classes need of {@code java.base},
 * puts the seams in, and checks that they hold before the first thread is served.
 */
public final class Agent implements Driver {
  /** Longest wait for the first virtual thread; a scheduler that takes longer is taken out. */
  private static final long CHECK_MILLIS = 10_000;

  static {
    PrivateLoader.register(new Agent());
  }

  private Agent() {}

  @Override
  public void start(@Nullable String args, Instrumentation instrumentation, boolean attached)
      throws Exception {
    Options options;
    try {
      options = Options.parse(args, System.getProperties());
    } catch (OptionException e) {
      if (attached) {
        throw new IllegalArgumentException(e.getMessage());
      }
      System.err.println("husk: " + e.getMessage());
      Runtime.getRuntime().halt(1);
      return;
    }
    if (options.isHelp()) {
      System.out.print(Options.help());
      if (!attached) {
        System.out.flush();
        Runtime.getRuntime().halt(0);
      }
      return;
    }
    Log log = Log.open(options);
    if (log.isInfo()) {
      log.info("options " + options);
    }
    Groups groups = Groups.of(options);
    if (groups.any()) {
      start(groups, options, instrumentation, attached, log);
    }
  }

  private static void start(
      Groups wanted, Options options, Instrumentation instrumentation, boolean attached, Log log)
      throws Exception {
    openJavaBase(instrumentation);
    if (HuskThreads.isTraining()) {
      log.warn("the app runs untouched in a run that trains an AOT cache");
      return;
    }
    Groups groups = wanted;
    SeamTable table = readPack(groups);
    if (table == null) {
      SeamTable all = readTable();
      groups =
          wanted.served(
              all,
              new LoaderSupers(null),
              (group, consequence, sites) ->
                  log.warn(consequence + ": this JDK lacks call sites: " + sites));
      if (!groups.any()) {
        return;
      }
      table = all.only(groups.names());
    }
    boolean threads = groups.threads();
    Startup startup = new Startup(options, groups, attached);
    startup.prepare(new InBaseFiles(loader()));
    if (threads && !attached) {
      String reason = HuskThreads.turnOffMountNotices(loader().jar());
      if (log.isInfo()) {
        log.info("mount notices to native agents: " + (reason == null ? "off" : "on, " + reason));
      }
    }
    Transformer transformer = new Transformer(new Rewriter(table), log);
    instrumentation.addTransformer(transformer, true);
    List<Class<?>> loaded = retransform(instrumentation, table, log);
    if (transformer.failed() || (threads && !HuskThreads.check(CHECK_MILLIS))) {
      instrumentation.removeTransformer(transformer);
      retransform(instrumentation, table, log);
      if (threads) {
        HuskThreads.giveUp();
      }
      log.warn(
          transformer.failed()
              ? "the app runs untouched: a class could not be rewritten"
              : "threads stay on the platform: a virtual thread did not run on the scheduler");
      return;
    }
    Reporter reporter = new Reporter(threads, log);
    lookForManagement(loaded, instrumentation, reporter, log);
    startup.open(reporter);
    if (attached) {
      if (threads) {
        log.warn(
            "attached: threads started from now on run on Husk, those that run already do not");
      }
      ToolSeams.lookForRecording();
    }
  }

  private static void lookForManagement(
      List<Class<?>> loaded, Instrumentation instrumentation, Reporter reporter, Log log) {
    for (Class<?> type : loaded) {
      if (type.getName().equals("java.lang.management.ManagementFactory")) {
        try {
          EarlyManagement.look(instrumentation, reporter);
        } catch (Exception | LinkageError e) {
          log.warn("no MXBean of Husk's: " + e);
        }
      }
    }
  }

  /** The boot classes live in the boot loader's unnamed module. */
  private static void openJavaBase(Instrumentation instrumentation) {
    Set<Module> boot = Set.of(HuskThreads.class.getModule());
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(
            "jdk.internal.access", boot,
            "jdk.internal.misc", boot,
            "jdk.internal.ref", boot,
            "jdk.internal.reflect", boot,
            "jdk.internal.vm", boot,
            "jdk.internal.vm.annotation", boot,
            "sun.nio.ch", boot),
        Map.of(),
        Set.of(),
        Map.of());
  }

  /** The seams as the build has worked them out for the JDK that it ran on, or null. */
  private static @Nullable SeamTable readPack(Groups groups) {
    byte[] pack = loader().read("META-INF/husk/" + SeamPack.fileName(groups.names()));
    return pack == null ? null : SeamPack.read(pack, SeamTable.runningJdk());
  }

  private static SeamTable readTable() throws IOException {
    return SeamTable.parse(new ByteArrayInputStream(loader().read("META-INF/husk/seams.idx")));
  }

  private static PrivateLoader loader() {
    return (PrivateLoader) Agent.class.getClassLoader();
  }

  /**
   * Rewrites, or restores, the classes that were loaded before the transformer came or went.
   *
   * @return them
   */
  private static List<Class<?>> retransform(
      Instrumentation instrumentation, SeamTable table, Log log) throws UnmodifiableClassException {
    Module javaBase = Object.class.getModule();
    Module instrument = Instrumentation.class.getModule();
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      // The JDK's own part of the agent has no sites, and is here in every start.
      Module module = type.getModule();
      if (module != instrument
          && !type.isArray()
          && !type.isPrimitive()
          && table.mayTouchLoaded(type.getName(), module == javaBase)
          && instrumentation.isModifiableClass(type)) {
        loaded.add(type);
      }
    }
    if (!loaded.isEmpty()) {
      instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
    }
    if (log.isInfo()) {
      log.info("looked at " + loaded.size() + " classes that were loaded already");
    }
    return loaded;
  }
}

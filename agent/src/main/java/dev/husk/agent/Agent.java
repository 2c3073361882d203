package dev.husk.agent;

import dev.husk.allocator.HuskMemory;
import dev.husk.netpath.HuskSockets;
import dev.husk.rewriter.GroupCheck;
import dev.husk.rewriter.LoaderSupers;
import dev.husk.rewriter.Rewriter;
import dev.husk.rewriter.SeamPack;
import dev.husk.rewriter.SeamTable;
import dev.husk.runtime.config.OptionException;
import dev.husk.runtime.config.Options;
import dev.husk.runtime.tool.ToolSeams;
import dev.husk.scheduler.HuskThreads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The load-time driver: reads the options, opens what the boot classes need of {@code java.base},
 * puts the seams in, and checks that they hold before the first thread is served.
 */
public final class Agent implements Driver {
  static final String THREADS = "threads";
  private static final String SOCKETS = "sockets";
  static final String MEMORY = "memory";

  /** In with any other. */
  private static final String TOOLS = "tools";

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
    Set<String> groups = new TreeSet<>();
    if (options.threads()) {
      groups.add(THREADS);
    }
    if (options.sockets()) {
      groups.add(SOCKETS);
    }
    if (options.memory() != Options.Memory.OFF) {
      groups.add(MEMORY);
    }
    if (!groups.isEmpty()) {
      groups.add(TOOLS);
      start(groups, options, instrumentation, attached, log);
    }
  }

  private static void start(
      Set<String> groups,
      Options options,
      Instrumentation instrumentation,
      boolean attached,
      Log log)
      throws Exception {
    openJavaBase(instrumentation);
    if (HuskThreads.isTraining()) {
      log.warn("the app runs untouched in a run that trains an AOT cache");
      return;
    }
    SeamTable table = readPack(groups);
    if (table == null) {
      SeamTable all = readTable();
      takeOutWhatLacks(groups, all, log);
      if (groups.equals(Set.of(TOOLS))) {
        return;
      }
      table = all.only(groups);
    }
    boolean threads = groups.contains(THREADS);
    InBaseFiles files = new InBaseFiles(loader());
    if (threads) {
      HuskThreads.defineInBase(files);
      HuskThreads.prepare(options);
      if (!attached) {
        String reason = HuskThreads.turnOffMountNotices(loader().jar());
        if (log.isInfo()) {
          log.info("mount notices to native agents: " + (reason == null ? "off" : "on, " + reason));
        }
      }
    }
    if (groups.contains(MEMORY)) {
      HuskMemory.prepare(options, files);
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
    ToolSeams.observe(reporter);
    if (threads) {
      HuskThreads.observe(reporter);
    }
    reporter.lookForManagement(loaded, instrumentation);
    if (threads) {
      openThreads(options, groups.contains(SOCKETS), attached, log);
    }
    if (attached) {
      ToolSeams.lookForRecording();
    }
    if (options.stats() || options.memory() == Options.Memory.CHECKED) {
      Runtime.getRuntime().addShutdownHook(new LastWords(groups, options.stats()));
    }
  }

  private static void openThreads(Options options, boolean sockets, boolean attached, Log log)
      throws IOException {
    if (sockets) {
      openSockets(options, attached);
    }
    HuskThreads.open(options.main() && !attached);
    if (attached) {
      log.warn("attached: threads started from now on run on Husk, those that run already do not");
    }
  }

  /** Groups whose call sites the running JDK doesn't have, and those that stand on them. */
  private static void takeOutWhatLacks(Set<String> groups, SeamTable all, Log log) {
    if (groups.contains(MEMORY) && lacks(all, MEMORY, "memory stays the C library's", log)) {
      groups.remove(MEMORY);
    }
    if (groups.contains(SOCKETS) && lacks(all, SOCKETS, "sockets stay on the kernel", log)) {
      groups.remove(SOCKETS);
    }
    if (groups.contains(THREADS) && lacks(all, THREADS, "threads stay on the platform", log)) {
      groups.remove(THREADS);
      groups.remove(SOCKETS);
    }
  }

  private static void openSockets(Options options, boolean attached) throws IOException {
    try {
      HuskSockets.open(options);
    } catch (IOException e) {
      if (attached) {
        throw e;
      }
      System.err.println("husk: pcap=" + options.pcap() + ": can't be written: " + e.getMessage());
      Runtime.getRuntime().halt(1);
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
  private static @Nullable SeamTable readPack(Set<String> groups) {
    byte[] pack = loader().read("META-INF/husk/" + SeamPack.fileName(groups));
    return pack == null ? null : SeamPack.read(pack, SeamTable.runningJdk());
  }

  private static boolean lacks(SeamTable all, String group, String consequence, Log log) {
    List<String> missing =
        GroupCheck.missing(all.only(Set.of(group)), group, new LoaderSupers(null));
    if (missing.isEmpty()) {
      return false;
    }
    log.warn(consequence + ": this JDK lacks call sites: " + missing);
    return true;
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

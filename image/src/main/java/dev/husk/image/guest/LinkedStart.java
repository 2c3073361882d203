package dev.husk.image.guest;

import dev.husk.allocator.HuskMemory;
import dev.husk.netpath.HuskSockets;
import dev.husk.netpath.guest.GuestBoot;
import dev.husk.runtime.config.OptionException;
import dev.husk.runtime.config.Options;
import dev.husk.runtime.seam.Switches;
import dev.husk.scheduler.HuskThreads;
import java.io.IOException;
import java.util.function.Function;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * Starts Husk in a linked JDK: called by the JDK's launcher before it loads the app's main class,
 * where the agent's {@code premain} would be. The seams are in place already; here they are
 * switched on.
 */
public final class LinkedStart {
  /** Instead of the class files that the agent would define. No lambda: none is loaded yet. */
  private static final Function<String, byte @Nullable []> ALL_THERE =
      new Function<>() {
        @Override
        public byte @Nullable [] apply(String name) {
          return null;
        }
      };

  /** The variable that says that this run trains an AOT cache for a guest. */
  public static final String TRAINING = "HUSK_TRAINING";

  private LinkedStart() {}

  /** Never throws: no failure of Husk keeps an app from starting. A wrong option does. */
  public static void start() {
    if (System.getenv(TRAINING) == null) {
      GuestBoot.start();
    } else {
      GuestBoot.train();
    }
    try {
      open();
    } catch (OptionException e) {
      System.err.println("husk: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    } catch (Exception | LinkageError e) {
      System.err.println("husk: start failed, the app runs without Husk: " + e);
    }
  }

  private static void open() throws OptionException {
    Options options = Options.parse(null, System.getProperties());
    boolean threads = options.threads();
    boolean sockets = threads && options.sockets();
    boolean memory = options.memory() != Options.Memory.OFF;
    if (threads) {
      HuskThreads.defineInBase(ALL_THERE);
      HuskThreads.prepare(options);
      letManagementBeRead();
    }
    if (memory) {
      HuskMemory.prepare(options, ALL_THERE);
    }
    Switches.memory = memory;
    Switches.threads = threads;
    Switches.sockets = sockets;
    Switches.tools = threads || memory;
    if (sockets) {
      openSockets(options);
    }
    if (threads) {
      HuskThreads.open(options.main());
    }
  }

  private static void openSockets(Options options) {
    try {
      HuskSockets.open(options);
    } catch (IOException e) {
      System.err.println("husk: pcap=" + options.pcap() + ": can't be written: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  /** The seams in the beans of threads name their classes, from {@code java.base}. */
  private static void letManagementBeRead() {
    JavaLangAccess lang = SharedSecrets.getJavaLangAccess();
    Module base = Object.class.getModule();
    Module management = ModuleLayer.boot().findModule("java.management").orElse(null);
    if (management != null) {
      lang.addReads(base, management);
    }
  }
}

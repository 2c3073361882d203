package dev.husk.image.guest;

import dev.husk.netpath.guest.GuestBoot;
import dev.husk.runtime.config.OptionException;
import dev.husk.runtime.config.Options;
import dev.husk.runtime.seam.Switches;
import dev.husk.start.Groups;
import dev.husk.start.Log;
import dev.husk.start.Startup;
import java.io.IOException;
import java.util.function.Function;
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

  private static @Nullable Log log;

  private LinkedStart() {}

  /** Never throws: no failure of Husk keeps an app from starting. A wrong option does. */
  public static void start() {
    boolean training = System.getenv(TRAINING) != null;
    if (training) {
      GuestBoot.train();
    } else {
      GuestBoot.start();
    }
    try {
      open(training);
    } catch (OptionException e) {
      System.err.println("husk: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    } catch (Exception | LinkageError e) {
      System.err.println("husk: start failed, the app runs without Husk: " + e);
    }
  }

  private static void open(boolean training) throws OptionException, IOException {
    Options options = Options.parse(null, System.getProperties());
    if (options.isHelp()) {
      System.out.print(Options.help());
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
    Log log = Log.open(options);
    LinkedStart.log = log;
    Groups wanted = Groups.of(options);
    Groups groups = wanted.and(LinkedGroups.get());
    if (log.isInfo()) {
      log.info("options " + options);
      if (!groups.equals(wanted)) {
        log.info("wanted " + wanted.names() + ", linked in " + LinkedGroups.get().names());
      }
    }
    if (!groups.any()) {
      return;
    }
    Startup startup = new Startup(options, groups, false);
    startup.prepare(ALL_THERE);
    if (groups.threads()) {
      // The seams in the beans of threads name their classes.
      LinkedTools.read("java.management");
    }
    Switches.memory = groups.memory();
    Switches.threads = groups.threads();
    Switches.sockets = groups.sockets();
    startup.open(new LinkedTools(training, groups.threads(), log));
  }

  /** What Husk says in this JVM; null before it has started. */
  static @Nullable Log log() {
    return log;
  }
}

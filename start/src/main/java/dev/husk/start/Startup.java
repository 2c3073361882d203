package dev.husk.start;

import dev.husk.allocator.HuskMemory;
import dev.husk.netpath.HuskSockets;
import dev.husk.runtime.config.Options;
import dev.husk.runtime.tool.ToolObserver;
import dev.husk.runtime.tool.ToolSeams;
import dev.husk.scheduler.HuskThreads;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The order in which Husk starts: {@link #prepare}, then the driver puts the seams in, then {@link
 * #open}.
 */
public final class Startup {
  private final Options options;
  private final Groups groups;
  private final boolean attached;

  /**
   * A start of these groups.
   *
   * @param attached whether the app runs already
   */
  public Startup(Options options, Groups groups, boolean attached) {
    this.options = options;
    this.groups = groups;
    this.attached = attached;
  }

  /**
   * Sets up what the seams will call.
   *
   * @param files gives the class files of Husk's classes in {@code java.base}, by internal name;
   *     null for one that is there already
   */
  public void prepare(Function<String, byte @Nullable []> files) {
    if (groups.threads()) {
      HuskThreads.defineInBase(files);
      HuskThreads.prepare(options);
    }
    if (groups.memory()) {
      HuskMemory.prepare(options, files);
    }
  }

  /**
   * From now on the app is served.
   *
   * @param observer told when management or a recording begins, at once if one has begun
   * @throws IOException if a file that the user wants can't be written, and the app runs already;
   *     else the JVM ends, with a line that says so
   */
  public void open(ToolObserver observer) throws IOException {
    ToolSeams.observe(observer);
    if (groups.sockets()) {
      openSockets();
    }
    if (groups.threads()) {
      HuskThreads.open(options.main() && !attached);
    }
    if (options.stats() || options.memory() == Options.Memory.CHECKED) {
      Runtime.getRuntime().addShutdownHook(new LastWords(groups, options.stats()));
    }
  }

  private void openSockets() throws IOException {
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
}

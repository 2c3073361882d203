package dev.husk.image.pack;

import dev.husk.image.app.App;
import dev.husk.image.check.Report;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.init.InitPlan;
import dev.husk.image.kernel.Kernel;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A packed app, as every format is written from it.
 *
 * @param app the app
 * @param report what was seen in it
 * @param runtime the layer with the JVM and the libraries of the system: changes with the JDK
 * @param files the layer with the app and its AOT cache: changes with the app
 * @param kernel what a machine boots
 * @param drivers the layer that a machine has beside those: the kernel's modules for its devices
 * @param init what a machine's init does, but for finding the root file system
 * @param command how the JVM is started: its path, options, main class and the app's arguments
 * @param environment of the JVM
 * @param ports TCP ports that the app is known to listen on
 * @param data directories whose files outlive the container or the guest
 * @param user who the app runs as in containers, or null for root
 * @param moreCommandLine words for the kernel's command line
 */
public record Image(
    App app,
    Report report,
    FileTree runtime,
    FileTree files,
    Kernel kernel,
    FileTree drivers,
    InitPlan init,
    List<String> command,
    SortedMap<String, String> environment,
    SortedSet<Integer> ports,
    List<DataDirectory> data,
    @Nullable User user,
    List<String> moreCommandLine) {

  /**
   * Half of the time that a kernel takes goes into testing its ciphers, unless it is told not to.
   * And as firmware does, it shall take the backup of a damaged partition table (gpt).
   */
  private static final String COMMAND_LINE =
      "console=tty0 console=ttyS0 quiet panic=-1 cryptomgr.notests gpt";

  /**
   * The kernel's command line. A machine that panics ends; and nothing but the app says anything on
   * its console.
   */
  public String commandLine() {
    return moreCommandLine.isEmpty()
        ? COMMAND_LINE
        : COMMAND_LINE + " " + String.join(" ", moreCommandLine);
  }

  /** The whole root file system of a machine. */
  public FileTree root() {
    return new FileTree().putAll(runtime).putAll(files).putAll(drivers);
  }

  /** The kernel file as it was found: a bzImage with an EFI stub. */
  public Content kernelFile() {
    return kernel.file().content();
  }
}

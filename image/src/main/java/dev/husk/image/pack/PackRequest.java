package dev.husk.image.pack;

import dev.husk.image.app.AppRequest;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.tree.FileTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be packed, and from what.
 *
 * @param app the app
 * @param jdk the home of the JDK that the image's is linked from
 * @param huskJar husk.jar
 * @param cache a directory for what later calls can use again
 * @param kernel a kernel file, a Debian package of one, or null for the best that can be found
 * @param kernelModules the directory of the kernel's modules, or null where they are found beside
 *     it
 * @param keepSignatures whether the kernel's modules keep their signatures, which a kernel wants
 *     under Secure Boot; verifying them takes time
 * @param modules modules of the JDK beside those that the app is seen to need
 * @param environment of the app
 * @param more files beside the app's, by their paths in the image
 * @param ports TCP ports that the app is known to listen on
 * @param data directories whose files outlive the container or the guest
 * @param user who the app runs as in containers, or null for root; a machine has nobody else
 * @param commandLine words for the kernel's command line, such as {@code husk.ip=…}
 * @param training how the app is trained, or null to do without an AOT cache
 */
public record PackRequest(
    AppRequest app,
    Path jdk,
    Path huskJar,
    Path cache,
    @Nullable Path kernel,
    @Nullable Path kernelModules,
    boolean keepSignatures,
    SortedSet<String> modules,
    SortedMap<String, String> environment,
    FileTree more,
    SortedSet<Integer> ports,
    List<DataDirectory> data,
    @Nullable User user,
    List<String> commandLine,
    @Nullable Training training) {

  /**
   * A run that trains the AOT cache.
   *
   * @param paths asked for by HTTP on each port that the app listens on
   * @param command a shell's command that is run when the app listens, or null
   * @param limit how long it may take until the app listens or ends, and how long the command may
   */
  public record Training(List<String> paths, @Nullable String command, Duration limit) {}
}

package dev.husk.ab.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process and all that it has started.
 *
 * <p>Implementation notes. Parents alone don't hold a tree together: when one ends, its children
 * become the init process's. So the first process gets a mark into its environment and a session of
 * its own, and whoever has one of both belongs to the tree. Only a process that clears its
 * environment and makes a session of its own gets away. In a container the engine's control group
 * holds them together.
 */
final class ProcessTree {
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long root;
  private final Membership membership;
  private List<Long> last = List.of();
  private long lastNanos;

  private ProcessTree(long root, Membership membership) {
    this.root = root;
    this.membership = membership;
  }

  /** Says who belongs to a tree. */
  private interface Membership {
    boolean includes(ProcessStat stat) throws IOException;
  }

  /**
   * The tree of a process of this machine.
   *
   * @param root the first process, which leads its session
   * @param mark {@code NAME=VALUE}, in the environment of all
   */
  static ProcessTree marked(long root, String mark) {
    return new ProcessTree(
        root,
        stat ->
            stat.session() == root
                || ("\0" + read(stat.pid(), "environ")).contains("\0" + mark + "\0"));
  }

  /**
   * The processes of a container.
   *
   * @param root the first process
   * @param container the container's id, which is in the name of its control group
   */
  static ProcessTree container(long root, String container) {
    return new ProcessTree(root, stat -> read(stat.pid(), "cgroup").contains(container));
  }

  private static String read(long pid, String file) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/" + file), StandardCharsets.ISO_8859_1);
  }

  /** Those that run, the first process first; not older than a second. */
  synchronized List<Long> recent() {
    if (last.isEmpty() || System.nanoTime() - lastNanos > KEPT_NANOS) {
      last = now();
      lastNanos = System.nanoTime();
    }
    return last.stream().filter(ProcessTree::runs).toList();
  }

  /** Those that run at this moment, the first process first. */
  List<Long> now() {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        if (belongs(pid)) {
          found.add(pid);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("/proc can't be listed", e);
    }
    found.sort((a, b) -> a == root ? -1 : b == root ? 1 : Long.compare(a, b));
    return found;
  }

  /** Asks all to end. */
  void terminate() {
    now().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy));
  }

  /** Kills all, until none is left. */
  void kill() throws InterruptedException {
    // A second look: one of them may just have made another.
    for (int i = 0; i < 100 && !now().isEmpty(); i++) {
      now().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      Thread.sleep(20);
    }
  }

  private boolean belongs(long pid) {
    try {
      ProcessStat stat = ProcessStat.of(pid);
      return stat.isAlive() && membership.includes(stat);
    } catch (IOException e) {
      return false; // Ended meanwhile, or another user's.
    }
  }

  private static boolean runs(long pid) {
    try {
      return ProcessStat.of(pid).isAlive();
    } catch (IOException e) {
      return false;
    }
  }
}

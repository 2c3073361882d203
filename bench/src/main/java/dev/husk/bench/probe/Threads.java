package dev.husk.bench.probe;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Where the probes' threads come from and where they run. */
public final class Threads {
  private static final int MAX_TRIES = 2000;

  private Threads() {}

  /**
   * {@code new Thread(task)} for "platform", virtual threads for "virtual".
   *
   * @throws IllegalArgumentException for any other kind
   */
  public static ThreadFactory factory(String kind) {
    return switch (kind) {
      case "platform" -> Thread::new;
      case "virtual" -> Thread.ofVirtual().factory();
      default -> throw new IllegalArgumentException("threads=" + kind + ": platform or virtual");
    };
  }

  /**
   * Runs a task in a thread of the kind that is measured and waits for it: what a task does to
   * threads from outside, such as to start them, depends on the kind of its own thread.
   */
  public static void runIn(ThreadFactory threads, Task task) throws InterruptedException {
    Throwable[] failure = new Throwable[1];
    Thread thread =
        threads.newThread(
            () -> {
              try {
                task.run();
              } catch (Throwable t) {
                failure[0] = t;
              }
            });
    thread.start();
    thread.join();
    if (failure[0] != null) {
      throw new IllegalStateException(failure[0]);
    }
  }

  /** Something that may fail. */
  public interface Task {
    void run() throws Exception;
  }

  /**
   * Binds this process's platform threads of a name to one core, by {@code taskset}. Threads of the
   * same name as the kernel knows it (15 characters) go to that core together.
   */
  static void pin(String threadName, int core) throws IOException, InterruptedException {
    // A thread tells the kernel its name itself, some time after its start.
    List<String> ids = tasks(threadName);
    for (int tries = 0; ids.isEmpty() && tries < MAX_TRIES; tries++) {
      Thread.sleep(1);
      ids = tasks(threadName);
    }
    if (ids.isEmpty()) {
      throw new IOException("the kernel knows no thread " + threadName);
    }
    for (String id : ids) {
      Process taskset =
          new ProcessBuilder("taskset", "-pc", Integer.toString(core), id)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (taskset.waitFor() != 0) {
        throw new IOException("taskset failed for thread " + threadName);
      }
    }
  }

  private static List<String> tasks(String threadName) throws IOException {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        if (comm(task).equals(threadName)) {
          ids.add(task.getFileName().toString());
        }
      }
    }
    return ids;
  }

  private static String comm(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (IOException e) {
      return ""; // It ended between the listing and the reading.
    }
  }
}

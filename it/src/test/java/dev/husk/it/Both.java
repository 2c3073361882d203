package dev.husk.it;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs the same on both sides at once. */
final class Both {
  private Both() {}

  /** What one side does. */
  @FunctionalInterface
  interface Run<T> {
    T on(Side side) throws Exception;
  }

  /** The results of the two sides. */
  record Results<T>(T stock, T husk) {}

  static <T> Results<T> run(Run<T> run) throws Exception {
    Side.requireAgent();
    FutureTask<T> stock = start(() -> run.on(Side.STOCK));
    FutureTask<T> husk = start(() -> run.on(Side.HUSK));
    return new Results<>(result(stock), result(husk));
  }

  /** Runs the same on three sides: the stock JVM, connections in the process, and the kernel's. */
  static <T> Map<Side, T> runOnAllPaths(Run<T> run) throws Exception {
    Side.requireAgent();
    Map<Side, FutureTask<T>> tasks = new EnumMap<>(Side.class);
    for (Side side : List.of(Side.STOCK, Side.IN_PROCESS, Side.KERNEL)) {
      tasks.put(side, start(() -> run.on(side)));
    }
    Map<Side, T> results = new EnumMap<>(Side.class);
    for (var task : tasks.entrySet()) {
      results.put(task.getKey(), result(task.getValue()));
    }
    return results;
  }

  private static <T> FutureTask<T> start(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static <T> T result(FutureTask<T> task) throws Exception {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}

package dev.husk.it;

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

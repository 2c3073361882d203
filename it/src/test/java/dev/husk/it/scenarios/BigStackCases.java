package dev.husk.it.scenarios;

/** Runs with {@code -Xss16m}: each thread gets what was asked for. */
final class BigStackCases {
  private static int depth;

  private BigStackCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(BigStackCases.class, args);
  }

  private static void recurse() {
    depth++;
    recurse();
  }

  private static int depthHere() {
    depth = 0;
    try {
      recurse();
    } catch (StackOverflowError e) {
      // That's the end of the stack.
    }
    return depth;
  }

  @Case
  static Object depthOfCaseThread() {
    return depthHere() > 80_000;
  }

  @Case
  static Object depthOfNewThread() throws InterruptedException {
    int[] result = new int[1];
    Thread thread = new Thread(() -> result[0] = depthHere());
    thread.start();
    thread.join();
    return result[0] > 80_000;
  }
}

package java.lang;

/**
 * The private members that {@code java-nest} calls, so that javac lets it. Its class file goes
 * nowhere.
 */
public class Thread implements Runnable {
  void start0() {}

  @Override
  public void run() {}
}

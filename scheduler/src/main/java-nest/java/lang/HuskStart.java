package java.lang;

import java.util.function.Consumer;

/**
 * The original of {@code Thread.start0}, which is private: this class is made a nest mate of {@code
 * Thread}, hidden, so that it may call it. Compiled against the stub in {@code java-nest-stubs}.
 */
final class HuskStart implements Consumer<Thread> {
  @Override
  public void accept(Thread thread) {
    thread.start0();
  }
}

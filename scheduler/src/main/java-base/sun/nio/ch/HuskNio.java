package sun.nio.ch;

import java.io.IOException;
import sun.net.ConnectionResetException;

/**
 * The system calls of {@code sun.nio.ch} that the scheduler makes, see {@link java.lang.HuskLang}.
 */
public final class HuskNio {
  private HuskNio() {}

  /** A new epoll descriptor. */
  public static int epollCreate() throws IOException {
    return EPoll.create();
  }

  /** The error number, or 0. */
  public static int epollCtl(int epfd, int operation, int fd, int events) {
    return EPoll.ctl(epfd, operation, fd, events);
  }

  /** The number of events. */
  public static int epollWait(int epfd, long events, int count, int millis) throws IOException {
    return EPoll.wait(epfd, events, count, millis);
  }

  /** What a read throws when the peer has reset the connection. */
  public static IOException connectionReset() {
    return new ConnectionResetException("Connection reset");
  }

  /** See {@code NativeThreadSet.add}. */
  public static int addThread(Object threads) {
    return ((NativeThreadSet) threads).add();
  }

  /** See {@code NativeThreadSet.remove}. */
  public static void removeThread(Object threads, int index) {
    ((NativeThreadSet) threads).remove(index);
  }
}

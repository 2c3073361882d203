package sun.nio.ch;

import java.io.IOException;

/** Waits for the exceptional events of one descriptor, as those of the kernel's pressure files. */
public final class HuskPressure {
  /** {@code EPOLLPRI} and {@code EPOLLERR} (sys/epoll.h), the same on every platform. */
  private static final int PRI = 0x2;

  private static final int ERR = 0x8;

  private final int epfd;
  private final long event;

  /** Waits for events of an open descriptor. */
  public HuskPressure(int fd) throws IOException {
    epfd = EPoll.create();
    int error = EPoll.ctl(epfd, EPoll.EPOLL_CTL_ADD, fd, PRI);
    if (error != 0) {
      UnixFileDispatcherImpl.closeIntFD(epfd);
      throw new IOException("epoll_ctl: error " + error);
    }
    event = EPoll.allocatePollArray(1);
  }

  /**
   * Blocks the calling kernel thread until the next event.
   *
   * @return false when there can be no more
   */
  public boolean await() throws IOException {
    int events;
    do {
      events = EPoll.wait(epfd, event, 1, -1);
    } while (events == IOStatus.INTERRUPTED);
    return (EPoll.getEvents(EPoll.getEvent(event, 0)) & ERR) == 0;
  }
}

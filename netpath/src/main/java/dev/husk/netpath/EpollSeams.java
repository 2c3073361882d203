package dev.husk.netpath;

import static dev.husk.runtime.seam.Group.SOCKETS;

import dev.husk.runtime.seam.Replaces;
import dev.husk.scheduler.Descriptors;
import java.io.IOException;
import sun.nio.ch.HuskEvent;
import sun.nio.ch.HuskNio;

/** The seams under selectors and groups of asynchronous channels. */
public final class EpollSeams {
  private static final String EPOLL = "sun.nio.ch.EPoll";
  private static final String EVENT_FD = "sun.nio.ch.EventFD";
  private static final String SELECTOR = "sun.nio.ch.EPollSelectorImpl";
  private static final String PORT = "sun.nio.ch.EPollPort";

  private EpollSeams() {}

  /** The first of a selector's calls: its eventfd for {@code wakeup()}. */
  @Replaces(type = EPOLL, method = "ctl", in = SELECTOR + "#<init>", group = SOCKETS)
  public static int first(int epfd, int operation, int fd, int events) {
    Descriptors.attach(fd, new Wakeup());
    return EventQueue.make(epfd).control(operation, fd, events);
  }

  /** The first of a group's calls: its own pipe. */
  @Replaces(type = EPOLL, method = "ctl", in = PORT + "#<init>", group = SOCKETS)
  public static int firstOfGroup(int epfd, int operation, int fd, int events) {
    return EventQueue.make(epfd).control(operation, fd, events);
  }

  /** See {@code epoll_ctl(2)}: the error number, or 0. */
  @Replaces(
      type = EPOLL,
      method = "ctl",
      in = {SELECTOR + "#processUpdateQueue", SELECTOR + "#implDereg", PORT + "#startPoll"},
      group = SOCKETS)
  public static int control(int epfd, int operation, int fd, int events) {
    return EventQueue.of(epfd).control(operation, fd, events);
  }

  /** See {@code epoll_wait(2)}: the number of events, or a status of {@code IOStatus}. */
  @Replaces(
      type = EPOLL,
      method = "wait",
      in = {
        SELECTOR + "#doSelect",
        SELECTOR + "#timedPoll",
        SELECTOR + "#untimedPoll",
        PORT + "$EventHandlerTask#poll"
      },
      group = SOCKETS)
  public static int await(int epfd, long address, int most, int millis) throws IOException {
    EventQueue queue = EventQueue.find(epfd);
    return queue == null
        ? HuskNio.epollWait(epfd, address, most, millis)
        : queue.await(address, most, millis);
  }

  /** A selector's {@code wakeup()}. */
  @Replaces(
      type = EVENT_FD,
      method = "set",
      descriptor = "()V",
      in = SELECTOR + "#wakeup",
      group = SOCKETS)
  public static void set(Object event) throws IOException {
    if (Descriptors.endpoint(HuskEvent.fdOf(event)) instanceof Wakeup wakeup) {
      wakeup.set();
    } else {
      HuskEvent.set(event);
    }
  }

  /** A selector has noticed its {@code wakeup()}. */
  @Replaces(
      type = EVENT_FD,
      method = "reset",
      descriptor = "()V",
      in = SELECTOR + "#clearInterrupt",
      group = SOCKETS)
  public static void reset(Object event) throws IOException {
    if (Descriptors.endpoint(HuskEvent.fdOf(event)) instanceof Wakeup wakeup) {
      wakeup.reset();
    } else {
      HuskEvent.reset(event);
    }
  }
}

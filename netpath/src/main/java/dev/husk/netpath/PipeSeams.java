package dev.husk.netpath;

import static dev.husk.runtime.seam.Group.SOCKETS;

import dev.husk.runtime.seam.Replaces;
import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.HuskThreads;
import java.io.IOException;
import sun.nio.ch.HuskNet;
import sun.nio.ch.SelChImpl;

/** The seams under {@code Pipe}, beside those that it shares with sockets; see {@link NetSeams}. */
public final class PipeSeams {
  private static final String SINK = "sun.nio.ch.SinkChannelImpl";

  static {
    HuskThreads.defineInBaseForSockets();
  }

  private PipeSeams() {}

  /** A new pipe: the numbers of its ends, the source's in the high half. */
  @Replaces(
      type = "sun.nio.ch.IOUtil",
      method = "makePipe",
      in = "sun.nio.ch.PipeImpl#<init>",
      group = SOCKETS)
  public static long makePipe(boolean blocking) throws IOException {
    long numbers = Loopback.isOpen() ? PipeEnd.open() : PipeEnd.NONE;
    return numbers == PipeEnd.NONE ? HuskNet.makePipe(blocking) : numbers;
  }

  /**
   * A virtual thread writes, or a thread that the JDK takes for one. A descriptor that doesn't
   * block takes a part of a write and no more; a platform thread writes all.
   */
  @Replaces(
      type = SINK,
      method = "configureSocketNonBlockingIfVirtualThread",
      descriptor = "()V",
      in = SINK + "#write",
      group = SOCKETS)
  public static void forceNonBlocking(Object sink) throws IOException {
    if (!(Descriptors.endpoint(((SelChImpl) sink).getFDVal()) instanceof PipeSink)) {
      HuskNet.forceNonBlocking(sink);
    }
  }
}

package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import sun.nio.ch.HuskNet;
import sun.nio.ch.SelChImpl;

/**
 * The seams by which a thread's write to a channel that blocks writes everything, as a platform
 * thread's system call does. The JDK takes a facade for a virtual thread, gives it a descriptor
 * that doesn't block, and returns once some of it is written.
 *
 * <p>What was written stays written: where the rest fails, because the channel was closed or the
 * thread interrupted, the part is the result, as it is the system call's.
 */
public final class WriteSeams {
  private static final String CHANNEL = "sun.nio.ch.SocketChannelImpl";
  private static final String FILE = "sun.nio.ch.FileChannelImpl";

  /** Of a wait for room, ns. */
  private static final long LONGEST_WAIT = 20_000_000;

  static {
    InBase.defineForSockets();
  }

  private WriteSeams() {}

  @Replaces(
      type = CHANNEL,
      method = "implWrite",
      descriptor = "(Ljava/nio/ByteBuffer;)I",
      in = CHANNEL + "#write",
      group = THREADS)
  public static int write(Object channel, ByteBuffer source) throws IOException {
    if (!isWhole(channel)) {
      return HuskNet.write(channel, source);
    }
    // The JDK's own lock, which it takes again for each part: no other write comes between them.
    HuskNet.lockWrites(channel);
    try {
      int written = HuskNet.write(channel, source);
      if (written > 0) {
        try {
          int more;
          while (source.hasRemaining() && (more = HuskNet.write(channel, source)) > 0) {
            written += more;
          }
        } catch (ClosedByInterruptException e) {
          throw e;
        } catch (IOException e) {
          // The next call meets it, too.
        }
      }
      return written;
    } finally {
      HuskNet.unlockWrites(channel);
    }
  }

  @Replaces(
      type = CHANNEL,
      method = "implWrite",
      descriptor = "([Ljava/nio/ByteBuffer;II)J",
      in = CHANNEL + "#write",
      group = THREADS)
  public static long write(Object channel, ByteBuffer[] sources, int offset, int length)
      throws IOException {
    if (!isWhole(channel)) {
      return HuskNet.write(channel, sources, offset, length);
    }
    HuskNet.lockWrites(channel);
    try {
      long written = HuskNet.write(channel, sources, offset, length);
      if (written > 0) {
        try {
          long more;
          while (hasRemaining(sources, offset, length)
              && (more = HuskNet.write(channel, sources, offset, length)) > 0) {
            written += more;
          }
        } catch (ClosedByInterruptException e) {
          throw e;
        } catch (IOException e) {
          // The next call meets it, too.
        }
      }
      return written;
    } finally {
      HuskNet.unlockWrites(channel);
    }
  }

  /** {@code FileChannel.transferTo} a socket of the kernel's. */
  @Replaces(
      type = FILE,
      method = "transferToSocketChannel",
      descriptor = "(JILsun/nio/ch/SocketChannelImpl;)J",
      in = FILE + "#transferToDirectInternal",
      group = THREADS)
  public static long transfer(Object file, long position, int count, Object channel)
      throws IOException {
    if (!isWhole(channel)) {
      return HuskNet.transfer(file, position, count, channel);
    }
    HuskNet.lockWrites(channel);
    try {
      long sent = HuskNet.transfer(file, position, count, channel);
      if (sent < 0) {
        // The JDK tries another way.
        return sent;
      }
      try {
        while (sent < count && becomesWritable((SelChImpl) channel)) {
          long more = HuskNet.transfer(file, position + sent, (int) (count - sent), channel);
          if (more == 0 && ((FileChannel) file).size() <= position + sent) {
            // Somebody has made the file shorter.
            break;
          }
          sent += more;
        }
      } catch (IOException e) {
        if (sent == 0 || e instanceof ClosedByInterruptException) {
          throw e;
        }
      }
      return sent;
    } finally {
      HuskNet.unlockWrites(channel);
    }
  }

  /** The same where the JDK maps the file, for a socket in the process. */
  @Replaces(
      type = FILE,
      method = "transferToTrustedChannel",
      descriptor = "(JJLjava/nio/channels/WritableByteChannel;)J",
      in = FILE + "#transferTo",
      group = THREADS)
  public static long transfer(Object file, long position, long count, WritableByteChannel channel)
      throws IOException {
    if (!HuskNet.isSocketChannel(channel) || !isWhole(channel)) {
      return HuskNet.transfer(file, position, count, channel);
    }
    HuskNet.lockWrites(channel);
    try {
      long sent = HuskNet.transfer(file, position, count, channel);
      if (sent > 0) {
        try {
          long more = sent;
          while (sent < count && more > 0) {
            more = HuskNet.transfer(file, position + sent, count - sent, channel);
            if (more < 0) {
              // A rest that the JDK finds too small to be mapped.
              more = copy((FileChannel) file, position + sent, (int) (count - sent), channel);
            }
            sent += Math.max(more, 0);
          }
        } catch (ClosedByInterruptException e) {
          throw e;
        } catch (IOException e) {
          // The next call meets it, too.
        }
      }
      return sent;
    } finally {
      HuskNet.unlockWrites(channel);
    }
  }

  private static int copy(FileChannel file, long position, int count, WritableByteChannel channel)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    file.read(bytes, position);
    return channel.write(bytes.flip());
  }

  /** Waits for room; false when the channel was closed, or the thread interrupted. */
  private static boolean becomesWritable(SelChImpl channel) throws IOException {
    Thread me = Thread.currentThread();
    Channel open = (Channel) channel;
    if (open.isOpen() && !me.isInterrupted()) {
      // Nobody who closes the channel knows of this wait: it ends by itself, too.
      Descriptors.await(channel.getFDVal(), true, LONGEST_WAIT, open::isOpen, false);
    }
    return open.isOpen() && !me.isInterrupted();
  }

  private static boolean isWhole(Object channel) {
    return HuskNet.isBlocking(channel) && !Endpoint.isOnAppsVirtualThread();
  }

  private static boolean hasRemaining(ByteBuffer[] sources, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (sources[i].hasRemaining()) {
        return true;
      }
    }
    return false;
  }
}

package dev.husk.netpath.guest;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import sun.nio.ch.HuskNet;
import sun.nio.ch.Net;

/**
 * A socket of the kernel that keeps packets apart, by its descriptor: {@code read(2)} and {@code
 * write(2)} do for it what the JDK has no natives for, since packet and netlink sockets are bound
 * to their peers before they come here.
 */
final class DescriptorPort implements Port {
  private static final long MILLISECOND = 1_000_000;

  private final FileDescriptor descriptor;
  private final FileInputStream in;
  private final FileOutputStream out;

  /** Takes a descriptor over: {@link #close} closes it. */
  DescriptorPort(int number) {
    descriptor = HuskNet.descriptor(number);
    in = new FileInputStream(descriptor);
    out = new FileOutputStream(descriptor);
  }

  @Override
  public void send(byte[] packet) throws IOException {
    out.write(packet);
  }

  @Override
  public int receive(byte[] into, long nanos) throws IOException {
    long start = System.nanoTime();
    for (; ; ) {
      // Looked at again after each wait: a signal ends poll(2) early.
      long left = Math.max(0, nanos - (System.nanoTime() - start));
      long millis = left / MILLISECOND + (left % MILLISECOND == 0 ? 0 : 1);
      if (HuskNet.poll(descriptor, Net.POLLIN, Math.min(millis, Integer.MAX_VALUE)) != 0) {
        return in.read(into);
      }
      if (left == 0) {
        return -1;
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
    out.close();
  }
}

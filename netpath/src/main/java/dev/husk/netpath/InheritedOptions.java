package dev.husk.netpath;

import java.io.FileDescriptor;
import java.io.IOException;
import sun.nio.ch.HuskNet;

/** What an accepted socket of the kernel's has from its listener, of the options of Java. */
final class InheritedOptions {
  private static final int IPPROTO_IP = 0;
  private static final int IP_TOS = 1;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_TCLASS = 67;

  /** TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT. */
  private static final int[] KEEP_ALIVE = {4, 5, 6};

  private InheritedOptions() {}

  static void copy(FileDescriptor from, FileDescriptor to, boolean ipv6) throws IOException {
    for (int name : KEEP_ALIVE) {
      copy(from, to, SocketNote.IPPROTO_TCP, name, ipv6);
    }
    copy(from, to, IPPROTO_IP, IP_TOS, false);
    if (ipv6) {
      copy(from, to, IPPROTO_IPV6, IPV6_TCLASS, true);
    }
  }

  private static void copy(FileDescriptor from, FileDescriptor to, int level, int name, boolean v6)
      throws IOException {
    int value = HuskNet.getIntOption(from, false, level, name);
    if (HuskNet.getIntOption(to, false, level, name) != value) {
      HuskNet.setIntOption(to, false, level, name, value, v6);
    }
  }
}

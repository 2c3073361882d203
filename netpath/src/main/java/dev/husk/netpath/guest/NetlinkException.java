package dev.husk.netpath.guest;

import java.io.IOException;

/** The kernel's no to a netlink request. */
final class NetlinkException extends IOException {
  private static final long serialVersionUID = 1;

  private final int errno;

  NetlinkException(int errno) {
    super(Errno.name(errno));
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}

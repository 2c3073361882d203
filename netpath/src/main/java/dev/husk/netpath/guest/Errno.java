package dev.husk.netpath.guest;

/**
 * Names of Linux's error numbers (asm-generic/errno.h), those that set-up of a network can meet.
 */
final class Errno {
  static final int ESRCH = 3;
  static final int EADDRNOTAVAIL = 99;

  private Errno() {}

  /** Its name, or {@code errno} and the number. */
  static String name(int errno) {
    return switch (errno) {
      case 1 -> "EPERM";
      case 2 -> "ENOENT";
      case ESRCH -> "ESRCH";
      case 4 -> "EINTR";
      case 11 -> "EAGAIN";
      case 12 -> "ENOMEM";
      case 13 -> "EACCES";
      case 16 -> "EBUSY";
      case 17 -> "EEXIST";
      case 19 -> "ENODEV";
      case 22 -> "EINVAL";
      case 24 -> "EMFILE";
      case 34 -> "ERANGE";
      case 93 -> "EPROTONOSUPPORT";
      case 95 -> "EOPNOTSUPP";
      case 97 -> "EAFNOSUPPORT";
      case 98 -> "EADDRINUSE";
      case EADDRNOTAVAIL -> "EADDRNOTAVAIL";
      case 100 -> "ENETDOWN";
      case 101 -> "ENETUNREACH";
      case 105 -> "ENOBUFS";
      case 113 -> "EHOSTUNREACH";
      default -> "errno " + errno;
    };
  }
}

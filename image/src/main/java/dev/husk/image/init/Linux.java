package dev.husk.image.init;

/** Constants of Linux on x86-64, by their names in include/uapi. */
final class Linux {
  static final int ENOENT = 2;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int ENODEV = 19;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  static final int MS_RDONLY = 1;
  static final int MS_NOSUID = 2;
  static final int MS_NODEV = 4;
  static final int MS_NOEXEC = 8;
  static final int MS_MOVE = 0x2000;

  static final int SIGINT = 2;
  static final int SIGKILL = 9;
  static final int SIGALRM = 14;
  static final int SIGTERM = 15;
  static final int SIGCHLD = 17;
  static final int SIG_SETMASK = 2;
  static final int SIGNAL_SET_BYTES = 8;
  static final int SIGNALFD_RECORD_BYTES = 128;
  static final int SFD_CLOEXEC = O_CLOEXEC;
  static final int WNOHANG = 1;

  static final int AF_PACKET = 17;
  static final int AF_NETLINK = 16;
  static final int SOCK_RAW = 3;
  static final int NETLINK_ROUTE = 0;
  static final int ETH_P_IP = 0x0800;
  static final int SOL_SOCKET = 1;
  static final int SO_ERROR = 4;
  static final int SIOCGIFINDEX = 0x8933;

  static final int POLLIN = 1;
  static final int EV_KEY = 1;
  static final int KEY_POWER = 116;
  static final int TCSBRK = 0x5409;
  static final int LOOP_SET_FD = 0x4c00;

  static final int CLOCK_PROCESS_CPUTIME_ID = 2;
  static final int CLOCK_BOOTTIME = 7;
  static final int RLIMIT_NOFILE = 7;
  static final int PRIO_PGRP = 1;

  static final int REBOOT_MAGIC1 = 0xfee1dead;
  static final int REBOOT_MAGIC2 = 672274793;
  static final int REBOOT_CMD_RESTART = 0x01234567;
  static final int REBOOT_CMD_CAD_OFF = 0;
  static final int REBOOT_CMD_POWER_OFF = 0x4321fedc;

  private Linux() {}
}

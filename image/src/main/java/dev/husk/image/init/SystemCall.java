package dev.husk.image.init;

/** Calls of Linux by their numbers on x86-64 (arch/x86/entry/syscalls/syscall_64.tbl). */
enum SystemCall {
  READ(0),
  WRITE(1),
  OPEN(2),
  CLOSE(3),
  POLL(7),
  SIGPROCMASK(14),
  IOCTL(16),
  PREAD64(17),
  ACCESS(21),
  DUP2(33),
  PAUSE(34),
  ALARM(37),
  SOCKET(41),
  BIND(49),
  GETSOCKOPT(55),
  FORK(57),
  EXECVE(59),
  WAIT4(61),
  KILL(62),
  CHDIR(80),
  MKDIR(83),
  SETSID(112),
  SETPRIORITY(141),
  SETRLIMIT(160),
  CHROOT(161),
  SYNC(162),
  MOUNT(165),
  UMOUNT2(166),
  REBOOT(169),
  SETHOSTNAME(170),
  IOPERM(173),
  CLOCK_GETTIME(228),
  EXIT_GROUP(231),
  SIGNALFD4(289),
  FINIT_MODULE(313);

  private final int number;

  SystemCall(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}

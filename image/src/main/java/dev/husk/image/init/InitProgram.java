package dev.husk.image.init;

import static dev.husk.image.asm.Memory.byteAt;
import static dev.husk.image.asm.Memory.dwordAt;
import static dev.husk.image.asm.Memory.qwordAt;
import static dev.husk.image.asm.Memory.wordAt;
import static dev.husk.image.asm.Register.AL;
import static dev.husk.image.asm.Register.CL;
import static dev.husk.image.asm.Register.DL;
import static dev.husk.image.asm.Register.EAX;
import static dev.husk.image.asm.Register.EBX;
import static dev.husk.image.asm.Register.ECX;
import static dev.husk.image.asm.Register.EDI;
import static dev.husk.image.asm.Register.EDX;
import static dev.husk.image.asm.Register.ESI;
import static dev.husk.image.asm.Register.R10;
import static dev.husk.image.asm.Register.R10D;
import static dev.husk.image.asm.Register.R12;
import static dev.husk.image.asm.Register.R12D;
import static dev.husk.image.asm.Register.R13;
import static dev.husk.image.asm.Register.R13D;
import static dev.husk.image.asm.Register.R14D;
import static dev.husk.image.asm.Register.R8;
import static dev.husk.image.asm.Register.R8D;
import static dev.husk.image.asm.Register.RAX;
import static dev.husk.image.asm.Register.RBP;
import static dev.husk.image.asm.Register.RBX;
import static dev.husk.image.asm.Register.RCX;
import static dev.husk.image.asm.Register.RDI;
import static dev.husk.image.asm.Register.RDX;
import static dev.husk.image.asm.Register.RSI;
import static dev.husk.image.asm.Register.RSP;

import dev.husk.image.asm.Assembler;
import dev.husk.image.asm.Program;
import dev.husk.image.asm.Register;
import dev.husk.image.asm.StaticElf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The guest's {@code /init}: a static executable for Linux on x86-64 that carries out one {@link
 * InitPlan}. What fails on the way is a line "husk: ... errno N" on the console, and the start goes
 * on as far as it can. The last lines say how the JVM ended; then the machine is switched off.
 *
 * <p>Registers that keep their meaning: rbp, the stack as the kernel left it; r12d, the JVM's
 * process; r13d, the milliseconds after which its threads become equal, negative if they are; r14d,
 * whether it has been asked to end. A system call leaves all registers but rax, rcx and r11 alone.
 */
public final class InitProgram {
  private static final String START = "start";
  private static final int OPEN_FILES = 1_048_576;
  private static final int PORT_READS_BACK = 0xe9; // what QEMU's isa-debugcon answers to a read
  private static final int INPUTS = 4;
  private static final int NOT_STARTED = 127; // as shells say it
  private static final int TIMES_EQUALLED = 3;

  /**
   * How long what is in use stays in memory at least, or something is killed. Where a JVM doesn't
   * fit, the same pages come and go within a few milliseconds, and nothing else happens any more.
   */
  private static final String WORKING_SET_MILLIS = "20";

  // struct pollfd
  private static final int POLLFD_BYTES = 8;
  private static final int POLLFD_EVENTS = 4;
  private static final int POLLFD_REVENTS = 6;
  // struct input_event
  private static final int INPUT_EVENT_BYTES = 24;
  private static final int INPUT_EVENT_TYPE_AND_CODE = 16;
  private static final int INPUT_EVENT_VALUE = 20;
  // struct ifreq
  private static final int IFREQ_BYTES = 40;
  private static final int IFREQ_INDEX = 16;
  // struct sockaddr_ll
  private static final int SOCKADDR_LL_BYTES = 20;
  private static final int SOCKADDR_LL_INDEX = 4;

  private static final Mount DEVICES =
      new Mount("devtmpfs", "/dev", "devtmpfs", Linux.MS_NOSUID, "mode=755");

  /** What the JVM finds, in the order of mounting. */
  private static final List<Mount> MOUNTS =
      List.of(
          DEVICES,
          virtual("/proc", "proc", Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC, ""),
          virtual("/sys", "sysfs", Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC, ""),
          virtual("/dev/pts", "devpts", Linux.MS_NOSUID | Linux.MS_NOEXEC, "ptmxmode=666"),
          virtual("/dev/shm", "tmpfs", Linux.MS_NOSUID | Linux.MS_NODEV, "mode=1777"),
          virtual("/tmp", "tmpfs", Linux.MS_NOSUID | Linux.MS_NODEV, "mode=1777"),
          virtual("/run", "tmpfs", Linux.MS_NOSUID | Linux.MS_NODEV, "mode=755"));

  // Where the parts of a root file system are put together, in the initramfs.
  private static final String LOOP = "/dev/loop0";
  private static final String IMAGE = "/husk-image";
  private static final String WRITTEN = "/husk-written";
  private static final String ROOT = "/husk-root";

  private static final String IMAGE_TYPE = "squashfs";

  /** Where a root file system may be: the second partition of a disk. */
  private static final List<String> DISKS =
      List.of(
          "/dev/vda2",
          "/dev/vdb2",
          "/dev/vdc2",
          "/dev/sda2",
          "/dev/sdb2",
          "/dev/nvme0n1p2",
          "/dev/nvme1n1p2",
          "/dev/xvda2");

  /** Where data may be: disks, or their first partitions. */
  private static final List<String> DATA_DISKS = dataDisks();

  private static final String DATA_TYPE = "ext4";

  // The superblock of ext2 to ext4 (Documentation/filesystems/ext4/super.rst)
  private static final int EXT4_SUPERBLOCK = 1024;
  private static final int EXT4_MAGIC_AT = 0x38;
  private static final int EXT4_MAGIC = 0xef53;
  private static final int EXT4_LABEL_AT = 0x78;

  /** How often they are looked at, in case one appears late, and how long apart. */
  private static final int LOOKS = 50;

  private static final int LOOK_MILLIS = 100;

  private static final Mount WRITABLE = virtual(WRITTEN, "tmpfs", 0, "mode=755");
  private static final Mount OVERLAY =
      virtual(
          ROOT,
          "overlay",
          0,
          "lowerdir=" + IMAGE + ",upperdir=" + WRITTEN + "/files,workdir=" + WRITTEN + "/work");

  private final InitPlan plan;
  private final Assembler asm = new Assembler();

  /** Labels of texts by the texts. */
  private final Map<String, String> texts = new LinkedHashMap<>();

  private static List<String> dataDisks() {
    List<String> disks = new ArrayList<>();
    for (char letter = 'a'; letter <= 'h'; letter++) {
      for (String kind : List.of("/dev/vd", "/dev/sd", "/dev/xvd")) {
        disks.add(kind + letter);
        disks.add(kind + letter + 1);
      }
      String nvme = "/dev/nvme" + (letter - 'a') + "n1";
      disks.add(nvme);
      disks.add(nvme + "p1");
    }
    return disks;
  }

  private record Mount(String source, String target, String type, int flags, String options) {}

  private InitProgram(InitPlan plan) {
    this.plan = plan;
  }

  private static Mount virtual(String target, String type, int flags, String options) {
    return new Mount(type, target, type, flags, options);
  }

  /** The program, with its listing; {@link #executable} makes a file of it. */
  public static Program of(InitPlan plan) {
    InitProgram init = new InitProgram(plan);
    init.begin();
    init.openConsole();
    init.findRoot();
    init.mountFileSystems();
    init.setLimits();
    init.mountData();
    init.watch();
    init.launch();
    init.supervise();
    init.end();
    init.routines();
    init.constants();
    init.variables();
    return init.asm.assemble(StaticElf.ORIGIN);
  }

  /** The bytes of {@code /init}. */
  public static byte[] executable(InitPlan plan) {
    return StaticElf.of(of(plan), START);
  }

  /** Sees whether the host listens, and tells it the time. */
  private void begin() {
    asm.label(START);
    asm.mov(RBP, RSP).note("argc, argv, 0, environment, 0");
    ioperm(1);
    asm.test(EAX, EAX);
    asm.jne("no_host").note("not allowed, as in lockdown");
    asm.mov(EDX, HostPort.PORT);
    asm.in();
    asm.cmp(AL, PORT_READS_BACK);
    asm.jne("no_host").note("there is no such device");
    asm.mov(byteAt("host"), 1);
    asm.label("no_host");
    load(RSI, HostPort.INIT);
    asm.call("mark");
  }

  /** The kernel opens the console for us only if the initramfs has the device. */
  private void openConsole() {
    asm.lea(RBX, "devices");
    asm.call("mount");
    asm.label("open_console");
    load(RDI, "/dev/console");
    asm.mov(ESI, Linux.O_RDWR);
    system(SystemCall.OPEN);
    asm.cmp(EAX, 2);
    asm.jb("open_console").note("0 or 1: the next is still missing");
    asm.je("console_open");
    asm.mov(EDI, EAX).note("one too many, or an error that close doesn't mind");
    system(SystemCall.CLOSE);
    asm.label("console_open");
  }

  /** Puts the root file system together, and makes it ours. */
  private void findRoot() {
    InitPlan.Root root = plan.root();
    if (root == null) {
      return;
    }
    asm.lea(RBX, "root_modules");
    asm.call("load");
    // Both leave in rbx the address of an address of the device's name.
    switch (root) {
      case InitPlan.InMemory inMemory -> attach(inMemory);
      case InitPlan.OnDisk onDisk -> look(onDisk);
    }

    load(RDI, IMAGE);
    asm.mov(ESI, 0755);
    system(SystemCall.MKDIR);
    asm.mov(RDI, qwordAt(RBX, 0));
    load(RSI, IMAGE);
    load(RDX, IMAGE_TYPE);
    asm.mov(R10D, Linux.MS_RDONLY);
    asm.xor(R8D, R8D).note("no options");
    system(SystemCall.MOUNT);
    asm.test(EAX, EAX);
    asm.je("image_mounted");
    load(RSI, "husk: mount the image's root file system from ");
    asm.mov(RDX, qwordAt(RBX, 0));
    asm.call("complain");
    asm.label("image_mounted");

    asm.lea(RBX, "writable");
    asm.call("mount");
    load(RDI, WRITTEN + "/files");
    asm.mov(ESI, 0755);
    system(SystemCall.MKDIR);
    load(RDI, WRITTEN + "/work");
    asm.mov(ESI, 0755);
    system(SystemCall.MKDIR);
    asm.lea(RBX, "overlay");
    asm.call("mount");

    load(RDI, ROOT);
    system(SystemCall.CHDIR);
    load(RDI, ".");
    load(RSI, "/");
    asm.xor(EDX, EDX).note("no type");
    asm.mov(R10D, Linux.MS_MOVE);
    asm.xor(R8D, R8D).note("no options");
    system(SystemCall.MOUNT);
    load(RDI, ".");
    system(SystemCall.CHROOT);
    asm.label("no_root");
  }

  /** Makes a block device of the file. */
  private void attach(InitPlan.InMemory root) {
    load(RDI, root.file());
    asm.mov(ESI, Linux.O_RDONLY | Linux.O_CLOEXEC);
    system(SystemCall.OPEN);
    asm.mov(EBX, EAX);
    load(RDI, LOOP);
    asm.mov(ESI, Linux.O_RDONLY | Linux.O_CLOEXEC);
    system(SystemCall.OPEN);
    asm.push(RAX);
    asm.mov(EDI, EAX);
    asm.mov(ESI, Linux.LOOP_SET_FD).note("read-only, as both were opened");
    asm.mov(EDX, EBX);
    system(SystemCall.IOCTL);
    asm.test(EAX, EAX);
    asm.je("attached");
    load(RSI, "husk: attach ");
    load(RDX, root.file());
    asm.call("complain");
    asm.label("attached");
    asm.pop(RDI);
    system(SystemCall.CLOSE);
    asm.mov(EDI, EBX);
    system(SystemCall.CLOSE);
    asm.lea(RBX, "disks");
  }

  /** Looks for the partition that begins with the superblock. */
  private void look(InitPlan.OnDisk root) {
    asm.xor(R14D, R14D).note("how often was looked");
    asm.label("look");
    asm.lea(RBX, "disks");
    asm.label("look_at");
    openNext("not_there", "other_disk");
    asm.lea(RSI, "found_superblock");
    asm.mov(EDX, (long) root.superblock().size() * Long.BYTES);
    system(SystemCall.READ);
    asm.pop(RDI);
    system(SystemCall.CLOSE);
    asm.lea(RSI, "superblock");
    asm.lea(RDI, "found_superblock");
    asm.mov(ECX, root.superblock().size());
    asm.label("compare");
    asm.mov(RAX, qwordAt(RSI, 0));
    asm.cmp(qwordAt(RDI, 0), RAX);
    asm.jne("other_disk");
    asm.add(RSI, Long.BYTES);
    asm.add(RDI, Long.BYTES);
    asm.dec(ECX);
    asm.jne("compare");
    asm.jmp("found");
    asm.label("other_disk");
    asm.add(RBX, Long.BYTES);
    asm.jmp("look_at");

    asm.label("not_there");
    lookAgain("look", "more_root_modules");
    load(RSI, "husk: find ");
    load(RDX, "the image's root file system on a disk");
    asm.mov(RAX, -Linux.ENOENT);
    asm.call("complain");
    asm.jmp("no_root");
    asm.label("found");
  }

  /**
   * Opens the disk whose name's address is at rbx, as edi and on the stack.
   *
   * @param end where the names have come to their end
   * @param other where there is no such disk
   */
  private void openNext(String end, String other) {
    asm.mov(RDI, qwordAt(RBX, 0));
    asm.test(RDI, RDI);
    asm.je(end);
    asm.mov(ESI, Linux.O_RDONLY | Linux.O_CLOEXEC);
    system(SystemCall.OPEN);
    asm.test(EAX, EAX);
    asm.js(other);
    asm.push(RAX);
    asm.mov(EDI, EAX);
  }

  /**
   * Goes on where none of the disks was it: to the first look again, at first with more modules,
   * then a moment later each time; and on from here after the last one. r14d counts.
   */
  private void lookAgain(String look, String modules) {
    String pause = "pause_before_" + look;
    asm.inc(R14D);
    asm.cmp(R14D, 1);
    asm.jne(pause);
    asm.lea(RBX, modules);
    asm.call("load");
    asm.jmp(look);
    asm.label(pause);
    asm.xor(EDI, EDI);
    asm.xor(ESI, ESI).note("nothing but the time");
    asm.mov(EDX, LOOK_MILLIS);
    system(SystemCall.POLL);
    asm.cmp(R14D, LOOKS);
    asm.jne(look);
  }

  private void mountFileSystems() {
    asm.lea(RBX, "mounts");
    asm.call("mount_all");
    asm.lea(RBX, "modules");
    asm.call("load");
  }

  private void setLimits() {
    load(RDI, plan.hostName());
    asm.mov(ESI, bytes(plan.hostName()));
    system(SystemCall.SETHOSTNAME);
    asm.mov(EDI, Linux.RLIMIT_NOFILE);
    asm.lea(RSI, "open_files");
    system(SystemCall.SETRLIMIT);
    set("/sys/kernel/mm/lru_gen/enabled", "y");
    set("/sys/kernel/mm/lru_gen/min_ttl_ms", WORKING_SET_MILLIS);
    reboot(Linux.REBOOT_CMD_CAD_OFF); // from now on, ctrl-alt-del is a SIGINT to us
  }

  /** Writes to a file of the kernel's, if it is there. */
  private void set(String file, String value) {
    load(RDI, file);
    asm.mov(ESI, Linux.O_WRONLY | Linux.O_CLOEXEC);
    system(SystemCall.OPEN);
    asm.mov(EBX, EAX);
    asm.mov(EDI, EBX);
    load(RSI, value);
    asm.mov(EDX, bytes(value));
    system(SystemCall.WRITE);
    asm.mov(EDI, EBX);
    system(SystemCall.CLOSE);
  }

  /** Mounts what outlives the guest. Without it there is no JVM: its data would be lost. */
  private void mountData() {
    if (plan.data().isEmpty()) {
      return;
    }
    lookForWord(InitPlan.DATA_IN_MEMORY, "no_data");
    asm.lea(R12, "data");
    asm.label("next_data");
    asm.cmp(qwordAt(R12, 0), 0);
    asm.je("no_data");
    asm.xor(R14D, R14D).note("how often was looked");
    asm.label("look_for_data");
    asm.lea(RBX, "data_disks");
    asm.label("look_for_data_at");
    openNext("data_not_there", "no_such_data");
    asm.lea(RSI, "data_superblock");
    asm.mov(wordAt("data_superblock", EXT4_MAGIC_AT), 0).note("that of the disk before");
    asm.mov(EDX, EXT4_LABEL_AT + DataDirectory.LABEL_BYTES);
    asm.mov(R10D, EXT4_SUPERBLOCK);
    system(SystemCall.PREAD64);
    asm.pop(RDI);
    system(SystemCall.CLOSE);
    asm.cmp(wordAt("data_superblock", EXT4_MAGIC_AT), (short) EXT4_MAGIC);
    asm.jne("no_such_data");
    for (int at = 0; at < DataDirectory.LABEL_BYTES; at += Long.BYTES) {
      asm.mov(RAX, qwordAt(R12, Long.BYTES + at));
      asm.cmp(qwordAt("data_superblock", EXT4_LABEL_AT + at), RAX);
      asm.jne("no_such_data");
    }
    asm.jmp("data_found");
    asm.label("no_such_data");
    asm.add(RBX, Long.BYTES);
    asm.jmp("look_for_data_at");

    asm.label("data_not_there");
    lookAgain("look_for_data", "more_data_modules");
    asm.mov(RAX, -Linux.ENOENT);
    load(RSI, "husk: no disk has the data of ");
    asm.jmp("no_data_no_app");

    asm.label("data_found");
    asm.mov(RDI, qwordAt(RBX, 0));
    asm.mov(RSI, qwordAt(R12, 0));
    load(RDX, DATA_TYPE);
    asm.mov(R10D, Linux.MS_NOSUID | Linux.MS_NODEV);
    asm.xor(R8D, R8D).note("no options");
    system(SystemCall.MOUNT);
    asm.add(R12, Long.BYTES + DataDirectory.LABEL_BYTES);
    asm.test(EAX, EAX);
    asm.je("next_data");
    asm.sub(R12, Long.BYTES + DataDirectory.LABEL_BYTES);
    load(RSI, "husk: mount the data of ");
    asm.label("no_data_no_app");
    asm.mov(RDX, qwordAt(R12, 0));
    asm.call("complain");
    asm.mov(EBX, NOT_STARTED << 8).note("as if the app had exited with it");
    asm.jmp("report");
    asm.label("no_data");
  }

  /** Goes where the kernel's command line has a word of 16 characters. */
  private void lookForWord(String word, String found) {
    ByteBuffer bytes = ByteBuffer.wrap(word.getBytes(StandardCharsets.US_ASCII));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    asm.mov(RBX, qwordAt(RBP, 0)).note("argc");
    asm.shl(RBX, 3);
    asm.add(RBX, RBP);
    asm.label("next_word");
    asm.mov(RDI, qwordAt(RBX, 2 * Long.BYTES)).note("behind argv and its zero");
    asm.add(RBX, Long.BYTES);
    asm.test(RDI, RDI);
    asm.je("no_word");
    for (int at = 0; at < word.length(); at += Long.BYTES) {
      asm.mov(RAX, bytes.getLong(at)).note(word.substring(at, at + Long.BYTES));
      asm.cmp(qwordAt(RDI, at), RAX);
      asm.jne("next_word");
    }
    asm.cmp(byteAt(RDI, word.length()), 0);
    asm.je(found);
    asm.jmp("next_word");
    asm.label("no_word");
  }

  /** Opens what {@link #supervise} waits for: signals, and input devices. */
  private void watch() {
    asm.mov(EDI, Linux.SIG_SETMASK);
    asm.lea(RSI, "our_signals");
    asm.xor(EDX, EDX);
    asm.mov(R10D, Linux.SIGNAL_SET_BYTES);
    system(SystemCall.SIGPROCMASK);
    asm.mov(EDI, -1);
    asm.lea(RSI, "our_signals");
    asm.mov(EDX, Linux.SIGNAL_SET_BYTES);
    asm.mov(R10D, Linux.SFD_CLOEXEC);
    system(SystemCall.SIGNALFD4);
    watched(0);
    for (int i = 0; i < inputs(); i++) {
      load(RDI, "/dev/input/event" + i);
      asm.mov(ESI, Linux.O_RDONLY | Linux.O_NONBLOCK | Linux.O_CLOEXEC);
      system(SystemCall.OPEN);
      watched(1 + i); // an error is negative, and poll passes over it
    }
  }

  private void watched(int index) {
    asm.mov(dwordAt("watched", index * POLLFD_BYTES), EAX);
    asm.mov(wordAt("watched", index * POLLFD_BYTES + POLLFD_EVENTS), Linux.POLLIN);
  }

  /** Forks; the child becomes the JVM. */
  private void launch() {
    asm.xor(R14D, R14D);
    asm.mov(R13D, -1).note("for ever");
    if (!plan.alone().isEmpty()) {
      lookForProcessors();
    }
    system(SystemCall.FORK);
    asm.mov(R12D, EAX);
    asm.test(EAX, EAX);
    asm.js("not_forked");
    asm.jne("wait");

    asm.mov(EDI, Linux.SIG_SETMASK);
    asm.lea(RSI, "no_signals");
    asm.xor(EDX, EDX);
    asm.mov(R10D, Linux.SIGNAL_SET_BYTES);
    system(SystemCall.SIGPROCMASK);
    system(SystemCall.SETSID);
    load(RDI, plan.directory());
    asm.mov(RDX, RDI);
    system(SystemCall.CHDIR);
    asm.test(EAX, EAX);
    asm.jne("not_started");
    makeEnvironment();
    load(RSI, HostPort.EXEC);
    asm.call("mark");
    ioperm(0); // the app keeps no way to the host
    asm.mov(RDI, qwordAt("arguments", 0));
    asm.lea(RSI, "arguments");
    if (!plan.alone().isEmpty()) {
      asm.test(R13D, R13D);
      asm.js("arguments_chosen");
      asm.lea(RSI, "arguments_alone");
      asm.label("arguments_chosen");
    }
    asm.mov(RDX, RSP);
    system(SystemCall.EXECVE);
    asm.mov(RDX, RDI);
    asm.label("not_started");
    load(RSI, "husk: start ");
    asm.call("complain");
    asm.mov(EDI, NOT_STARTED);
    system(SystemCall.EXIT_GROUP);

    asm.label("not_forked");
    load(RSI, "husk: fork for ");
    asm.mov(RDX, qwordAt("arguments", 0));
    asm.call("complain");
    asm.mov(EBX, NOT_STARTED << 8).note("as if the child had exited with it");
    asm.jmp("report");
  }

  /**
   * Sets how long the JVM's threads may be unequal, if there is one processor. That depends on how
   * fast it is, as does what our own process has taken of it: the kernel ran its initcalls in it.
   */
  private void lookForProcessors() {
    load(RDI, "/sys/devices/system/cpu/cpu1");
    asm.xor(ESI, ESI).note("whether it exists");
    system(SystemCall.ACCESS);
    asm.test(EAX, EAX);
    asm.je("more_processors");
    asm.mov(EDI, Linux.CLOCK_PROCESS_CPUTIME_ID);
    asm.lea(RSI, "time");
    system(SystemCall.CLOCK_GETTIME);
    asm.mov(RAX, qwordAt("time", Long.BYTES));
    asm.xor(EDX, EDX);
    asm.mov(ECX, 1_000_000 / InitPlan.START_BY_KERNEL);
    asm.div(RCX).note("nanoseconds become milliseconds");
    asm.imul(R13, qwordAt("time", 0), 1000 * InitPlan.START_BY_KERNEL);
    asm.add(R13, RAX);
    asm.inc(R13).note("never 0, for which poll wouldn't wait at all");
    asm.label("more_processors");
  }

  /**
   * Makes the JVM's environment on the stack, from its end to its begin: what the kernel handed us,
   * the sockets, the plan's variables. Init itself keeps no socket, so that the JVM can close them.
   */
  private void makeEnvironment() {
    asm.mov(RAX, qwordAt(RBP, 0)).note("argc");
    asm.shl(RAX, 3);
    asm.lea(RBX, qwordAt(RBP, 2 * Long.BYTES));
    asm.add(RBX, RAX).note("behind argv and its zero");
    asm.mov(RCX, RBX);
    asm.label("find_end");
    asm.mov(RAX, qwordAt(RCX, 0));
    asm.add(RCX, Long.BYTES);
    asm.test(RAX, RAX);
    asm.jne("find_end");
    asm.label("push_variable");
    asm.sub(RCX, Long.BYTES);
    asm.push(qwordAt(RCX, 0)).note("the zero at the end comes first");
    asm.cmp(RCX, RBX);
    asm.jne("push_variable");

    if (plan.network()) {
      openNetlink();
      openPacket();
    }

    List<String> variables = new ArrayList<>();
    plan.environment().forEach((name, value) -> variables.add(name + "=" + value));
    for (String variable : variables.reversed()) {
      push(variable);
    }
  }

  private void openNetlink() {
    asm.mov(EDI, Linux.AF_NETLINK);
    asm.mov(ESI, Linux.SOCK_RAW);
    asm.mov(EDX, Linux.NETLINK_ROUTE);
    system(SystemCall.SOCKET);
    asm.test(EAX, EAX);
    asm.js("no_netlink");
    asm.mov(EBX, EAX);
    asm.mov(ESI, InitPlan.NETLINK_FD);
    asm.call("move_socket");
    push(InitPlan.NETLINK_VARIABLE + "=" + InitPlan.NETLINK_FD);
    asm.label("no_netlink");
  }

  private void openPacket() {
    asm.mov(EDI, Linux.AF_PACKET);
    asm.mov(ESI, Linux.SOCK_RAW);
    asm.xor(EDX, EDX).note("no protocol yet: nothing comes in before it is bound");
    system(SystemCall.SOCKET);
    asm.test(EAX, EAX);
    asm.js("no_packet");
    asm.mov(EBX, EAX);

    asm.mov(EDI, EBX);
    asm.mov(ESI, Linux.SIOCGIFINDEX);
    asm.lea(RDX, "interface");
    asm.mov(dwordAt("interface", 0), 'e' | 't' << 8 | 'h' << 16 | '0' << 24);
    system(SystemCall.IOCTL);
    asm.test(EAX, EAX);
    asm.jne("no_card");

    asm.mov(EAX, dwordAt("interface", IFREQ_INDEX));
    asm.mov(dwordAt("link_address", SOCKADDR_LL_INDEX), EAX);
    asm.mov(wordAt("link_address", 0), Linux.AF_PACKET);
    asm.mov(wordAt("link_address", 2), Short.reverseBytes((short) Linux.ETH_P_IP));
    asm.mov(EDI, EBX);
    asm.lea(RSI, "link_address");
    asm.mov(EDX, SOCKADDR_LL_BYTES);
    system(SystemCall.BIND);
    asm.test(EAX, EAX);
    asm.jne("no_card");

    // The interface is still down, and the first read would say so: take the error away.
    asm.mov(EDI, EBX);
    asm.mov(ESI, Linux.SOL_SOCKET);
    asm.mov(EDX, Linux.SO_ERROR);
    asm.lea(R10, "option");
    asm.lea(R8, "option_bytes");
    asm.mov(dwordAt("option_bytes", 0), Integer.BYTES);
    system(SystemCall.GETSOCKOPT);

    asm.mov(ESI, InitPlan.PACKET_FD);
    asm.call("move_socket");
    push(InitPlan.PACKET_VARIABLE + "=" + InitPlan.PACKET_FD);
    asm.jmp("no_packet");

    asm.label("no_card");
    asm.mov(EDI, EBX);
    system(SystemCall.CLOSE);
    asm.label("no_packet");
  }

  /** Waits for signals and input until the JVM has ended. */
  private void supervise() {
    asm.label("wait");
    asm.lea(RDI, "watched");
    asm.mov(ESI, 1 + inputs());
    asm.mov(EDX, R13D);
    system(SystemCall.POLL);
    asm.test(EAX, EAX);
    asm.je("time_over");
    asm.cmp(wordAt("watched", POLLFD_REVENTS), 0);
    asm.je("no_signal");
    asm.mov(EDI, dwordAt("watched", 0));
    asm.lea(RSI, "signal");
    asm.mov(EDX, Linux.SIGNALFD_RECORD_BYTES);
    system(SystemCall.READ);
    asm.mov(EAX, dwordAt("signal", 0));
    asm.cmp(EAX, Linux.SIGCHLD);
    asm.je("reap");
    asm.cmp(EAX, Linux.SIGALRM);
    asm.jne("ask");

    asm.mov(EDI, R12D).note("its time to end is over");
    asm.mov(ESI, Linux.SIGKILL);
    system(SystemCall.KILL);
    asm.jmp("wait");

    asm.label("ask");
    asm.test(R14D, R14D);
    asm.jne("wait").note("it knows, and the clock runs");
    asm.inc(R14D);
    asm.mov(EDI, R12D);
    asm.mov(ESI, Linux.SIGTERM);
    system(SystemCall.KILL);
    asm.mov(EDI, plan.graceSeconds());
    system(SystemCall.ALARM);
    asm.jmp("wait");

    asm.label("time_over");
    asm.mov(EDI, Linux.PRIO_PGRP);
    asm.mov(ESI, R12D).note("all threads of the JVM, which leads its group");
    asm.xor(EDX, EDX);
    system(SystemCall.SETPRIORITY);
    asm.shl(R13D, 1).note("a slow JVM may have such threads later");
    asm.add(byteAt("equalled"), 1);
    asm.cmp(byteAt("equalled"), TIMES_EQUALLED);
    asm.jne("wait");
    asm.mov(R13D, -1);
    asm.jmp("wait");

    asm.label("no_signal");
    for (int i = 1; i <= inputs(); i++) {
      asm.lea(RBX, dwordAt("watched", i * POLLFD_BYTES));
      asm.call("read_input");
      asm.je("ask");
    }
    asm.jmp("wait");

    asm.label("reap");
    asm.mov(EDI, -1).note("any child: orphans become ours");
    asm.lea(RSI, "status");
    asm.mov(EDX, Linux.WNOHANG);
    asm.xor(R10D, R10D);
    system(SystemCall.WAIT4);
    asm.test(EAX, EAX);
    asm.jle("wait").note("no other has ended");
    asm.cmp(EAX, R12D);
    asm.jne("reap");
    asm.mov(EBX, dwordAt("status", 0));
  }

  /** Says how the JVM ended, and switches the machine off. */
  private void end() {
    asm.label("report");
    asm.mov(EAX, EBX);
    asm.and(EAX, 0x7f);
    asm.je("exited");
    asm.lea(RBX, byteAt(RAX, 128)).note("as shells count signals");
    load(RSI, "husk: killed by signal ");
    asm.jmp("print");
    asm.label("exited");
    asm.shr(EBX, 8);
    asm.mov(EAX, EBX);
    load(RSI, "husk: exited with status ");
    asm.label("print");
    asm.lea(RDI, "line");
    asm.call("append");
    asm.call("decimal");
    asm.call("say");
    asm.lea(RDI, "line");
    load(RSI, HostPort.STATUS);
    asm.call("append");
    asm.mov(EAX, EBX);
    asm.call("decimal");
    asm.call("tell");

    asm.mov(EDI, 2).note("let a serial console send its last bytes");
    asm.mov(ESI, Linux.TCSBRK);
    asm.mov(EDX, 1);
    system(SystemCall.IOCTL);
    system(SystemCall.SYNC);
    unmountData();
    // Without ACPI, "power off" would halt the processor and leave the machine there. Virtual
    // machines of that kind end at a reset.
    load(RDI, "/sys/firmware/acpi");
    asm.xor(ESI, ESI).note("whether it exists");
    system(SystemCall.ACCESS);
    asm.test(EAX, EAX);
    asm.jne("no_acpi");
    reboot(Linux.REBOOT_CMD_POWER_OFF);
    asm.label("no_acpi");
    reboot(Linux.REBOOT_CMD_RESTART);
    asm.label("halt");
    system(SystemCall.PAUSE);
    asm.jmp("halt");
  }

  /** Ends what the app left running, which would hold its data, and unmounts that. */
  private void unmountData() {
    if (plan.data().isEmpty()) {
      return;
    }
    asm.mov(EDI, -1).note("all but us");
    asm.mov(ESI, Linux.SIGKILL);
    system(SystemCall.KILL);
    asm.label("reap_all");
    asm.mov(EDI, -1);
    asm.xor(ESI, ESI);
    asm.xor(EDX, EDX);
    asm.xor(R10D, R10D);
    system(SystemCall.WAIT4);
    asm.test(EAX, EAX);
    asm.jle("all_reaped");
    asm.jmp("reap_all");
    asm.label("all_reaped");
    for (DataDirectory data : plan.data().reversed()) {
      load(RDI, data.path());
      asm.xor(ESI, ESI);
      system(SystemCall.UMOUNT2);
    }
  }

  private void routines() {
    // mount_all: mounts each of the table at rbx
    asm.label("mount_all");
    asm.call("mount");
    asm.cmp(qwordAt(RBX, 0), 0);
    asm.jne("mount_all");
    asm.ret();

    // mount: mounts what rbx points to, and moves rbx on to the next
    asm.label("mount");
    asm.mov(RDI, qwordAt(RBX, 8)).note("target");
    asm.mov(ESI, 0755);
    system(SystemCall.MKDIR);
    asm.mov(RDI, qwordAt(RBX, 0)).note("source");
    asm.mov(RSI, qwordAt(RBX, 8));
    asm.mov(RDX, qwordAt(RBX, 16)).note("type");
    asm.mov(R10, qwordAt(RBX, 24)).note("flags");
    asm.mov(R8, qwordAt(RBX, 32)).note("options");
    system(SystemCall.MOUNT);
    asm.test(EAX, EAX);
    asm.je("mounted");
    asm.cmp(EAX, -Linux.EBUSY);
    asm.je("mounted").note("the kernel has done it");
    load(RSI, "husk: mount ");
    asm.mov(RDX, qwordAt(RBX, 8));
    asm.call("complain");
    asm.label("mounted");
    asm.add(RBX, 5 * Long.BYTES);
    asm.ret();

    // load: loads the modules of the table at rbx
    asm.label("load");
    asm.mov(RDI, qwordAt(RBX, 0));
    asm.test(RDI, RDI);
    asm.je("loaded");
    asm.mov(ESI, Linux.O_RDONLY | Linux.O_CLOEXEC);
    system(SystemCall.OPEN);
    asm.test(EAX, EAX);
    asm.js("load_failed");
    asm.push(RAX);
    asm.mov(EDI, EAX);
    load(RSI, "").note("no parameters");
    asm.xor(EDX, EDX);
    system(SystemCall.FINIT_MODULE);
    asm.pop(RDI);
    asm.push(RAX);
    system(SystemCall.CLOSE);
    asm.pop(RAX);
    asm.test(EAX, EAX);
    asm.je("load_done");
    asm.cmp(EAX, -Linux.EEXIST);
    asm.je("load_done");
    asm.label("load_failed");
    load(RSI, "husk: module ");
    asm.mov(RDX, qwordAt(RBX, 0));
    asm.call("complain");
    asm.label("load_done");
    asm.add(RBX, Long.BYTES);
    asm.jmp("load");
    asm.label("loaded");
    asm.ret();

    // move_socket: makes the descriptor ebx the descriptor esi
    asm.label("move_socket");
    asm.mov(EDI, EBX);
    system(SystemCall.DUP2);
    asm.mov(EDI, EBX);
    system(SystemCall.CLOSE);
    asm.ret();

    if (plan.powerButton()) {
      // read_input: takes an event from the pollfd at rbx; equal if the power button was pressed
      asm.label("read_input");
      asm.cmp(wordAt(RBX, POLLFD_REVENTS), 0);
      asm.je("other_input");
      asm.mov(EDI, dwordAt(RBX, 0));
      asm.lea(RSI, "event");
      asm.mov(EDX, INPUT_EVENT_BYTES);
      system(SystemCall.READ);
      asm.cmp(EAX, -Linux.ENODEV);
      asm.jne("input_there");
      asm.mov(dwordAt(RBX, 0), -1).note("the device is gone: poll must not tell it for ever");
      asm.label("input_there");
      asm.cmp(EAX, INPUT_EVENT_BYTES);
      asm.jne("input_done");
      asm.cmp(dwordAt("event", INPUT_EVENT_TYPE_AND_CODE), Linux.KEY_POWER << 16 | Linux.EV_KEY);
      asm.jne("input_done");
      asm.cmp(dwordAt("event", INPUT_EVENT_VALUE), 1).note("pressed, not released");
      asm.label("input_done");
      asm.ret();
      asm.label("other_input");
      asm.cmp(RBX, 0).note("never equal");
      asm.ret();
    }

    // mark: tells the host the text at rsi and the time
    asm.label("mark");
    asm.mov(EDI, Linux.CLOCK_BOOTTIME);
    asm.push(RSI);
    asm.lea(RSI, "time");
    system(SystemCall.CLOCK_GETTIME);
    asm.pop(RSI);
    asm.imul(RAX, qwordAt("time", 0), 1_000_000_000);
    asm.add(RAX, qwordAt("time", 8));
    asm.lea(RDI, "line");
    asm.call("append");
    asm.call("decimal");
    // goes on in tell

    // tell: ends the line before rdi, and sends it to the host
    asm.label("tell");
    asm.mov(byteAt(RDI, 0), '\n');
    asm.inc(RDI);
    asm.cmp(byteAt("host"), 0);
    asm.je("told");
    asm.lea(RSI, "line");
    asm.mov(EDX, HostPort.PORT);
    asm.label("tell_next");
    asm.mov(AL, byteAt(RSI, 0));
    asm.out();
    asm.inc(RSI);
    asm.cmp(RSI, RDI);
    asm.jne("tell_next");
    asm.label("told");
    asm.ret();

    // complain: prints the texts at rsi and rdx, and the error rax
    asm.label("complain");
    asm.lea(RDI, "line");
    asm.call("append");
    asm.mov(RSI, RDX);
    asm.call("append");
    load(RSI, ": errno ");
    asm.call("append");
    asm.neg(RAX);
    asm.call("decimal");
    // goes on in say

    // say: ends the line before rdi, and prints it
    asm.label("say");
    asm.mov(byteAt(RDI, 0), '\n');
    asm.inc(RDI);
    asm.lea(RSI, "line");
    asm.mov(RDX, RDI);
    asm.sub(RDX, RSI);
    asm.mov(EDI, 2);
    system(SystemCall.WRITE);
    asm.ret();

    // append: copies the text at rsi to rdi, and moves rdi behind it; destroys rsi and cl
    asm.label("append");
    asm.mov(CL, byteAt(RSI, 0));
    asm.test(CL, CL);
    asm.je("appended");
    asm.mov(byteAt(RDI, 0), CL);
    asm.inc(RSI);
    asm.inc(RDI);
    asm.jmp("append");
    asm.label("appended");
    asm.ret();

    // decimal: writes the number rax to rdi, and moves rdi behind it; destroys rax, rcx and rdx
    asm.label("decimal");
    asm.mov(ECX, 10);
    asm.xor(EDX, EDX);
    asm.div(RCX);
    asm.push(RDX).note("the last digit");
    asm.test(RAX, RAX);
    asm.je("last_digit");
    asm.call("decimal").note("those before it");
    asm.label("last_digit");
    asm.pop(RDX);
    asm.add(EDX, '0');
    asm.mov(byteAt(RDI, 0), DL);
    asm.inc(RDI);
    asm.ret();
  }

  private void constants() {
    asm.align(Long.BYTES);
    mounts("devices", List.of(DEVICES));
    InitPlan.Root root = plan.root();
    if (root != null) {
      addresses("root_modules", root.modules());
      mounts("writable", List.of(WRITABLE));
      mounts("overlay", List.of(OVERLAY));
    }
    switch (root) {
      case null -> {}
      case InitPlan.InMemory inMemory -> addresses("disks", List.of(LOOP));
      case InitPlan.OnDisk onDisk -> {
        addresses("disks", DISKS);
        addresses("more_root_modules", onDisk.more());
        asm.label("superblock");
        onDisk.superblock().forEach(asm::quad);
      }
    }
    // Without a root of its own, the initramfs has its devices.
    mounts("mounts", root == null ? MOUNTS.subList(1, MOUNTS.size()) : MOUNTS);
    addresses("modules", plan.modules());
    addresses("arguments", plan.arguments());
    if (!plan.alone().isEmpty()) {
      addresses("arguments_alone", plan.argumentsAlone());
    }
    asm.label("open_files").quad(OPEN_FILES).note("soft").quad(OPEN_FILES).note("hard");
    asm.label("no_signals").quad(0);
    asm.label("our_signals");
    asm.quad(bit(Linux.SIGCHLD) | bit(Linux.SIGTERM) | bit(Linux.SIGINT) | bit(Linux.SIGALRM));
    if (!plan.data().isEmpty()) {
      addresses("data_disks", DATA_DISKS);
      addresses("more_data_modules", plan.moreDataModules());
      asm.label("data");
      plan.data().forEach(this::data);
      asm.quad(0);
    }
    texts.forEach((text, label) -> asm.label(label).string(text));
  }

  private void mounts(String label, List<Mount> mounts) {
    asm.label(label);
    for (Mount mount : mounts) {
      address(mount.source);
      address(mount.target);
      address(mount.type);
      asm.quad(mount.flags);
      address(mount.options);
    }
    asm.quad(0);
  }

  private void data(DataDirectory data) {
    address(data.path());
    byte[] label = data.label().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer padded = ByteBuffer.allocate(DataDirectory.LABEL_BYTES).put(label).rewind();
    padded.order(ByteOrder.LITTLE_ENDIAN);
    asm.quad(padded.getLong()).note(data.label());
    asm.quad(padded.getLong());
  }

  private void addresses(String label, List<String> list) {
    asm.label(label);
    list.forEach(this::address);
    asm.quad(0);
  }

  private void variables() {
    asm.reserve("host", 1);
    asm.reserve("time", 16);
    asm.reserve("interface", IFREQ_BYTES);
    asm.reserve("link_address", SOCKADDR_LL_BYTES);
    asm.reserve("option", Integer.BYTES);
    asm.reserve("option_bytes", Integer.BYTES);
    asm.reserve("watched", (1 + inputs()) * POLLFD_BYTES);
    asm.reserve("signal", Linux.SIGNALFD_RECORD_BYTES);
    asm.reserve("event", INPUT_EVENT_BYTES);
    asm.reserve("status", Integer.BYTES);
    asm.reserve("equalled", 1);
    if (plan.root() instanceof InitPlan.OnDisk root) {
      asm.reserve("found_superblock", root.superblock().size() * Long.BYTES);
    }
    if (!plan.data().isEmpty()) {
      asm.reserve("data_superblock", EXT4_LABEL_AT + DataDirectory.LABEL_BYTES);
    }
    // Room for a line with the longest text, two others and a number.
    int longest = texts.keySet().stream().mapToInt(InitProgram::bytes).max().orElse(0);
    asm.reserve("line", longest + 128);
  }

  private void system(SystemCall call) {
    asm.mov(EAX, call.number());
    asm.syscall().note(call.name().toLowerCase(Locale.ROOT));
  }

  private void ioperm(int on) {
    asm.mov(EDI, HostPort.PORT);
    asm.mov(ESI, 1);
    asm.mov(EDX, on);
    system(SystemCall.IOPERM);
  }

  private void reboot(int command) {
    asm.mov(EDI, Linux.REBOOT_MAGIC1);
    asm.mov(ESI, Linux.REBOOT_MAGIC2);
    asm.mov(EDX, command);
    system(SystemCall.REBOOT);
  }

  private void push(String variable) {
    load(RAX, variable);
    asm.push(RAX);
  }

  private Assembler load(Register to, String text) {
    return asm.lea(to, label(text)).note(text);
  }

  private void address(String text) {
    asm.address(label(text)).note(text);
  }

  private int inputs() {
    return plan.powerButton() ? INPUTS : 0;
  }

  private String label(String text) {
    return texts.computeIfAbsent(text, unused -> "text" + texts.size());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static long bit(int signal) {
    return 1L << (signal - 1);
  }
}

package dev.husk.image.init;

import static dev.husk.image.asm.Memory.byteAt;
import static dev.husk.image.asm.Memory.dwordAt;
import static dev.husk.image.asm.Memory.qwordAt;
import static dev.husk.image.asm.Register.EAX;
import static dev.husk.image.asm.Register.EDI;
import static dev.husk.image.asm.Register.EDX;
import static dev.husk.image.asm.Register.RAX;
import static dev.husk.image.asm.Register.RBX;
import static dev.husk.image.asm.Register.RDX;
import static dev.husk.image.asm.Register.RSI;
import static dev.husk.image.asm.Register.RSP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.asm.Assembler;
import dev.husk.image.asm.Objdump;
import dev.husk.image.asm.StaticElf;
import dev.husk.image.asm.Tools;
import dev.husk.image.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Boots Debian's kernel with what {@link InitProgram} makes, and small programs as the JVM. */
final class InitProgramTest {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  @TempDir private Path scratch;

  @Test
  void theSourceIsWhatRuns() throws Exception {
    Objdump.assertAgrees(InitProgram.of(plan(List.of("/a.ko"), true, true, "/java")), scratch);
    Objdump.assertAgrees(InitProgram.of(plan(List.of(), false, false, "/java")), scratch);
    Objdump.assertAgrees(
        InitProgram.of(plan(List.of(), List.of("-a"), false, false, "/java")), scratch);
  }

  @Test
  void isSmallAndTheSameEachTime() {
    InitPlan plan = plan(List.of("/a.ko"), true, true, "/java", "-version");
    byte[] init = InitProgram.executable(plan);
    assertTrue(init.length < 4096, init.length + " bytes");
    assertArrayEquals(init, InitProgram.executable(plan));
  }

  @Test
  void preparesTheGuestAndHandsBackTheStatus() throws Exception {
    Map<String, byte[]> modules = Kernel.find().modules("virtio_pci", "virtio_net");
    List<String> paths = new ArrayList<>(modules.keySet());
    paths.add(paths.getFirst()); // twice is no error
    paths.add("/modules/missing.ko");
    paths.add("/bin/busybox"); // is no module
    InitPlan plan =
        plan(
            paths,
            true,
            false,
            "/bin/busybox",
            "sh",
            "-c",
            """
            b=/bin/busybox
            echo "arguments $# <$1> <$2>"
            echo "variables <$GREETING> <$WORD> <$HUSK_NETLINK_FD> <$HUSK_PACKET_FD>"
            echo "directory $($b pwd), host $($b hostname), files $(ulimit -n) $(ulimit -Hn)"
            $b grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status
            echo "ctrl-alt-del $($b cat /proc/sys/kernel/ctrl-alt-del)"
            $b awk '{print "mount", $2, $3, $4}' /proc/mounts
            for fd in 0 1 2 10 11; do echo "fd $fd $($b readlink /proc/$$/fd/$fd)"; done
            echo "init's fds" $($b ls /proc/1/fd)
            echo "session $($b awk '{print $6}' /proc/$$/stat) of $$"
            $b awk 'NR > 1 {print "packet", $3, $4, $5, $6}' /proc/net/packet
            echo "card $($b cat /sys/class/net/eth0/ifindex)"
            $b touch /tmp/a /run/a /dev/shm/a && $b head -c 8 /dev/urandom | $b wc -c
            ($b sleep 0.1; exit 3) &
            ($b sh -c "$b sleep 0.2 & $b sleep 0.3 &")
            $b timeout 1 $b cat <&11; echo "packet read $?"
            echo "zombies $($b ps -o stat,comm | $b grep -c ^Z)"
            exit 42
            """,
            "sh",
            "two words",
            "");
    String console;
    String host;
    try (Guest guest =
        boot(plan, modules, "WORD=of-the-command-line", "-nic", "user,model=virtio-net-pci")) {
      guest.awaitEnd();
      console = guest.console();
      host = guest.host();
    }
    assertLines(
        console,
        "husk: module /modules/missing.ko: errno 2",
        "husk: module /bin/busybox: errno 8",
        "arguments 2 <two words> <>",
        "variables <hello> <of-the-command-line> <10> <11>",
        "directory /work, host guest, files 1048576 1048576",
        "SigBlk:\t0000000000000000",
        "ctrl-alt-del 0",
        "mount /dev devtmpfs rw,nosuid",
        "mount /proc proc rw,nosuid,nodev,noexec,relatime",
        "mount /sys sysfs rw,nosuid,nodev,noexec,relatime",
        "mount /dev/pts devpts rw,nosuid,noexec,relatime",
        "mount /dev/shm tmpfs rw,nosuid,nodev",
        "mount /tmp tmpfs rw,nosuid,nodev",
        "mount /run tmpfs rw,nosuid,nodev",
        "fd 0 /dev/console",
        "fd 1 /dev/console",
        "fd 2 /dev/console",
        "fd 10 socket:[",
        "fd 11 socket:[",
        "8\n",
        "zombies 0",
        "husk: exited with status 42");
    match("packet read (124|143)\n", console); // no error: it waited until its time was over
    assertFalse(console.contains("husk: mount"), console);
    assertEquals(2, Pattern.compile("husk: module ").matcher(console).results().count(), console);
    assertTrue(console.contains("init's fds 0 1 2 3\n"), console);
    String session = match("session (\\d+) of (\\d+)", console).group(1);
    assertTrue(console.contains("session " + session + " of " + session + "\n"), console);
    String card = match("card (\\d+)", console).group(1);
    assertTrue(console.contains("packet 3 0800 " + card + " "), console);

    Matcher marks = match("\\Ahusk:init=(\\d+)\nhusk:exec=(\\d+)\nhusk:status=42\n\\z", host);
    long init = Long.parseLong(marks.group(1));
    long exec = Long.parseLong(marks.group(2));
    assertTrue(100_000_000 < init && init < exec && exec < 120_000_000_000L, host);
  }

  @Test
  void thePowerButtonAsksTheAppToEnd() throws Exception {
    Map<String, byte[]> modules = Kernel.find().modules("button", "evdev");
    InitPlan plan =
        plan(
            List.copyOf(modules.keySet()),
            false,
            true,
            "/bin/busybox",
            "sh",
            "-c",
            """
            trap 'echo stopping; /bin/busybox sleep 0.5; exit 7' TERM
            echo ready
            while :; do /bin/busybox sleep 100 & wait; done
            """);
    try (Guest guest = boot(plan, modules, "")) {
      guest.awaitConsole("ready\n");
      guest.pressPowerButton();
      guest.awaitConsole("stopping\n");
      guest.pressPowerButton();
      guest.awaitEnd();
      assertLines(guest.console(), "stopping", "husk: exited with status 7");
      assertTrue(guest.host().endsWith("\nhusk:status=7\n"), guest.host());
    }
  }

  @Test
  void anAppThatDoesNotEndIsKilled() throws Exception {
    InitPlan plan =
        plan(
            List.of(),
            false,
            false,
            "/bin/busybox",
            "sh",
            "-c",
            """
            trap 'echo asked' TERM
            /bin/busybox kill -INT 1
            /bin/busybox kill -TERM 1
            while :; do /bin/busybox sleep 100 & wait; done
            """);
    try (Guest guest = boot(plan, Map.of(), "")) {
      guest.awaitEnd();
      String console = guest.console();
      assertLines(console, "asked", "husk: killed by signal 9");
      assertEquals(1, Pattern.compile("asked").matcher(console).results().count(), console);
      assertTrue(guest.host().endsWith("\nhusk:status=137\n"), guest.host());
    }
  }

  /** The first boot writes, the second one reads; both leave a file system that is clean. */
  @Test
  void whatIsWrittenToADiskForDataStays() throws Exception {
    Map<String, byte[]> modules = Kernel.find().modules("virtio_pci", "virtio_blk", "ext4");
    Path other = disk("other");
    Path wanted = disk("data");
    InitPlan plan =
        withData(
            List.copyOf(modules.keySet()),
            """
            b=/bin/busybox
            $b grep /work/data /proc/mounts
            echo "before <$($b cat /work/data/file)>"
            ($b sleep 100 > /work/data/held &)
            echo "of boot 1" > /work/data/file
            """);
    String[] disks = {
      "-drive",
      "if=virtio,format=raw,file=" + other,
      "-drive",
      "if=virtio,format=raw,file=" + wanted
    };
    for (String before : List.of("<>", "<of boot 1>")) {
      try (Guest guest = boot(plan, modules, "", disks)) {
        guest.awaitEnd();
        assertLines(
            guest.console(),
            "/dev/vdb /work/data ext4 rw,nosuid,nodev",
            "before " + before,
            "husk: exited with status 0");
      }
      Tool.named("e2fsck", "e2fsprogs").run(scratch, "-f", "-n", wanted.toString());
    }
  }

  @Test
  void withoutItsDataAnAppIsNotStarted() throws Exception {
    Map<String, byte[]> modules = Kernel.find().modules("virtio_pci", "virtio_blk", "ext4");
    InitPlan plan = withData(List.copyOf(modules.keySet()), "echo started");
    String[] disks = {"-drive", "if=virtio,format=raw,file=" + disk("dat")};
    try (Guest guest = boot(plan, modules, "HUSK_DATA=memor HUSK_DATA=memory2", disks)) {
      guest.awaitEnd();
      assertLines(
          guest.console(),
          "husk: no disk has the data of /work/data: errno 2",
          "husk: exited with status 127");
      assertFalse(guest.console().contains("started"), guest.console());
    }
    try (Guest guest = boot(plan, modules, "HUSK_DATA=memory", disks)) {
      guest.awaitEnd();
      assertLines(guest.console(), "started", "husk: exited with status 0");
    }
  }

  /** Its superblock is right, and its root directory isn't there. */
  @Test
  void aDamagedDiskForDataIsSaidToBe() throws Exception {
    Map<String, byte[]> modules = Kernel.find().modules("virtio_pci", "virtio_blk", "ext4");
    InitPlan plan = withData(List.copyOf(modules.keySet()), "echo started");
    Path damaged = disk("data");
    try (FileChannel channel = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1 << 20), 4096);
    }
    String[] disks = {"-drive", "if=virtio,format=raw,file=" + damaged};
    try (Guest guest = boot(plan, modules, "", disks)) {
      guest.awaitEnd();
      assertTrue(
          guest.console().matches("(?s).*husk: mount the data of /work/data: errno \\d+\n.*"),
          guest.console());
      assertLines(guest.console(), "husk: exited with status 127");
      assertFalse(guest.console().contains("started"), guest.console());
    }
  }

  private Path disk(String label) throws Exception {
    Path disk = scratch.resolve(label + ".disk");
    Tool.named("mke2fs", "e2fsprogs")
        .run(scratch, "-q", "-t", "ext4", "-L", label, disk.toString(), "32M");
    return disk;
  }

  private static InitPlan withData(List<String> modules, String script) {
    return new InitPlan(
        null,
        modules,
        List.of("/bin/busybox", "sh", "-c", script),
        List.of(),
        Map.of(),
        List.of(DataDirectory.parse("/work/data")),
        List.of(),
        "/work",
        "guest",
        false,
        false,
        2);
  }

  /** A low priority stands for that of some threads. */
  @ParameterizedTest
  @CsvSource({"1, 19", "2, 0"})
  void onOneProcessorThreadsAreUnequalUntilTheStartIsOver(int processors, int begin)
      throws Exception {
    InitPlan plan =
        plan(
            List.of(),
            List.of("env", "ALONE=1", "/bin/busybox"),
            false,
            false,
            "/bin/busybox",
            "sh",
            "-c",
            """
            b=/bin/busybox
            nice() { $b awk '{print $19}' /proc/$$/stat; }
            lower() { [ "$ALONE" ] && $b renice -n 19 -p $$; }
            await() { for i in $($b seq 600); do [ "$(nice)" = 0 ] && break; $b sleep 0.1; done; }
            lower; echo "begins with $(nice)"
            await; echo "goes on with $(nice)"
            lower; await; echo "a late one, too: $(nice)"
            """);
    try (Guest guest = boot(plan, Map.of(), "", "-smp", "" + processors)) {
      guest.awaitEnd();
      assertLines(guest.console(), "begins with " + begin, "goes on with 0", "a late one, too: 0");
    }
  }

  /** Without ACPI, a network card, and a device for the host. */
  @Test
  void aStaticProgramOnASmallMachineIsKilledByASignal() throws Exception {
    InitPlan plan = plan(List.of(), true, false, "/app", "one", "two");
    Initramfs initramfs = initramfs(plan, Map.of()).file("app", printsAndCrashes());
    List<String> options = new ArrayList<>(kernel(initramfs, "GREETING=bye"));
    options.addAll(List.of("-nic", "none"));
    try (Guest guest = Guest.start(scratch, "microvm,x-option-roms=off,acpi=off", options)) {
      guest.awaitEnd();
      String console = guest.console();
      assertTrue(
          console.contains(
              "/app\n"
                  + "one\n"
                  + "two\n"
                  + "GREETING=hello\n"
                  + "HUSK_NETLINK_FD=10\n"
                  + "HOME=/\n"
                  + "TERM=linux\n"
                  + "GREETING=bye\n"),
          console);
      assertLines(console, "husk: killed by signal 11");
      assertFalse(console.contains("HUSK_PACKET_FD"), console);
      assertEquals("", guest.host());
    }
  }

  /** What is in the way: the console, which is the kernel's to open, and a mount point. */
  @Test
  void saysWhatFailedAndGoesOn() throws Exception {
    InitPlan plan = plan(List.of(), false, false, "/java/bin/java");
    Initramfs initramfs = initramfs(plan, Map.of());
    initramfs.directory("dev").directory("dev/console").file("run", new byte[0]);
    try (Guest guest = boot(initramfs, "")) {
      guest.awaitEnd();
      String console = guest.console();
      assertTrue(console.contains("unable to open an initial console"), console);
      assertLines(
          console,
          "husk: mount /run: errno 20",
          "husk: start /java/bin/java: errno 2",
          "husk: exited with status 127");
      assertTrue(guest.host().endsWith("\nhusk:status=127\n"), guest.host());
    }
  }

  private static InitPlan plan(
      List<String> modules, boolean network, boolean powerButton, String... arguments) {
    return plan(modules, List.of(), network, powerButton, arguments);
  }

  private static InitPlan plan(
      List<String> modules,
      List<String> alone,
      boolean network,
      boolean powerButton,
      String... arguments) {
    return new InitPlan(
        null,
        modules,
        List.of(arguments),
        alone,
        Map.of("GREETING", "hello"),
        List.of(),
        List.of(),
        "/work",
        "guest",
        network,
        powerButton,
        2);
  }

  private Guest boot(InitPlan plan, Map<String, byte[]> modules, String append, String... options)
      throws IOException {
    Tools.need(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
    Initramfs initramfs = initramfs(plan, modules);
    initramfs.directory("bin").file("bin/busybox", Files.readAllBytes(BUSYBOX));
    return boot(initramfs, append, options);
  }

  private Guest boot(Initramfs initramfs, String append, String... options) throws IOException {
    List<String> all = new ArrayList<>(Guest.hostPort(scratch));
    all.addAll(kernel(initramfs, append));
    all.addAll(List.of(options));
    return Guest.start(scratch, "q35", all);
  }

  private List<String> kernel(Initramfs initramfs, String append) throws IOException {
    Path initrd = Files.write(scratch.resolve("initrd"), initramfs.bytes());
    return List.of(
        "-kernel",
        Kernel.find().image().toString(),
        "-initrd",
        initrd.toString(),
        "-append",
        "console=ttyS0 loglevel=5 panic=-1 " + append);
  }

  private static Initramfs initramfs(InitPlan plan, Map<String, byte[]> modules) {
    Initramfs initramfs = new Initramfs();
    initramfs
        .file("init", InitProgram.executable(plan))
        .directory("work")
        .directory("work/data")
        .directory("modules");
    modules.forEach((path, bytes) -> initramfs.file(path.substring(1), bytes));
    return initramfs;
  }

  /** Prints its arguments and its environment, a line each, and reads address 0. */
  private static byte[] printsAndCrashes() {
    Assembler asm = new Assembler();
    asm.label("start");
    asm.lea(RBX, qwordAt(RSP, 8));
    asm.call("print_all").call("print_all");
    asm.xor(EAX, EAX);
    asm.mov(EAX, dwordAt(RAX, 0));

    asm.label("print_all");
    asm.mov(RSI, qwordAt(RBX, 0));
    asm.add(RBX, 8);
    asm.test(RSI, RSI);
    asm.je("printed");
    asm.mov(RDX, RSI);
    asm.label("find_end");
    asm.cmp(byteAt(RDX, 0), 0);
    asm.je("end");
    asm.inc(RDX);
    asm.jmp("find_end");
    asm.label("end");
    asm.sub(RDX, RSI);
    asm.call("write");
    asm.lea(RSI, "newline");
    asm.mov(EDX, 1);
    asm.call("write");
    asm.jmp("print_all");
    asm.label("printed");
    asm.ret();

    asm.label("write");
    asm.mov(EDI, 1);
    asm.mov(EAX, SystemCall.WRITE.number());
    asm.syscall().ret();

    asm.label("newline").string("\n");
    return StaticElf.of(asm.assemble(StaticElf.ORIGIN), "start");
  }

  private static void assertLines(String console, String... lines) {
    for (String line : lines) {
      assertTrue(("\n" + console).contains("\n" + line), () -> line + " is not in:\n" + console);
    }
  }

  private static Matcher match(String regex, String text) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    assertTrue(matcher.find(), text);
    return matcher;
  }
}

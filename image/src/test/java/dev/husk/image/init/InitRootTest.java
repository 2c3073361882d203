package dev.husk.image.init;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.asm.Objdump;
import dev.husk.image.asm.Tools;
import dev.husk.image.disk.DiskFormat;
import dev.husk.image.disk.DiskImage;
import dev.husk.image.squashfs.Method;
import dev.husk.image.squashfs.Squashfs;
import dev.husk.image.squashfs.SquashfsWriter;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boots Debian's kernel with root file systems in memory and on disks. */
final class InitRootTest {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  @TempDir private Path scratch;

  @Test
  void theSourceIsWhatRuns() throws Exception {
    InitPlan.InMemory inMemory = new InitPlan.InMemory(List.of("/a.ko"), "/root");
    Objdump.assertAgrees(InitProgram.of(plan("/java").with(inMemory)), scratch);
    List<Long> superblock = List.of(1L, -1L, Long.MIN_VALUE);
    InitPlan.OnDisk onDisk = new InitPlan.OnDisk(List.of("/a.ko"), List.of("/b.ko"), superblock);
    Objdump.assertAgrees(InitProgram.of(plan("/java").with(onDisk)), scratch);
  }

  @Test
  void aRootInMemoryCanBeWrittenTo() throws Exception {
    Path root = scratch.resolve("root");
    write(root("this one"), root);
    Map<String, byte[]> modules = Kernel.find().modules("loop", "squashfs", "overlay");
    InitPlan plan =
        plan("""
        b=/bin/busybox
        echo "it is $($b cat /etc/name)"
        echo more >> /etc/name; $b rm /gone; $b mkdir /new; echo x > /new/file
        echo "now $($b tr '\\n' ' ' < /etc/name) $($b ls /new /gone 2>&1 | $b tr '\\n' ' ')"
        $b awk '{print "mount", $2, $3}' /proc/mounts
        exit 3
        """)
            .with(new InitPlan.InMemory(List.copyOf(modules.keySet()), "/root.squashfs"));
    Initramfs initramfs = initramfs(plan, modules);
    initramfs.file("root.squashfs", Files.readAllBytes(root));
    String console = boot(initramfs, List.of());
    assertLines(
        console,
        "it is this one",
        "now this one more",
        "file",
        "/gone: No such file or directory",
        "mount / overlay",
        "mount /proc proc",
        "husk: exited with status 3");
    assertFalse(console.contains("husk: mount"), console);
  }

  /** The first disk is that of another image, and the second comes with a module of the rarer. */
  @Test
  void aRootIsFoundOnTheRightDisk() throws Exception {
    Kernel kernel = Kernel.find();
    Map<String, byte[]> modules = kernel.modules("virtio_pci", "virtio_blk", "squashfs", "overlay");
    Map<String, byte[]> more = kernel.modules("virtio_pci", "virtio_scsi", "sd_mod");
    Path other = scratch.resolve("other");
    disk(root("that one"), other);
    Path right = scratch.resolve("right");
    InitPlan.OnDisk root =
        new InitPlan.OnDisk(
            List.copyOf(modules.keySet()),
            List.copyOf(more.keySet()),
            superblock(disk(root("this one"), right)));
    InitPlan plan = plan("echo \"it is $(/bin/busybox cat /etc/name)\"; exit 4").with(root);
    Initramfs initramfs = initramfs(plan, modules);
    more.forEach((path, bytes) -> initramfs.file(path.substring(1), bytes));
    String console =
        boot(
            initramfs,
            List.of(
                "-drive",
                "if=virtio,format=raw,file=" + other,
                "-drive",
                "if=none,id=scsi,format=raw,file=" + right,
                "-device",
                "virtio-scsi-pci",
                "-device",
                "scsi-hd,drive=scsi"));
    assertLines(console, "it is this one", "husk: exited with status 4");
  }

  @Test
  void saysWhenNoDiskHasTheRoot() throws Exception {
    Map<String, byte[]> modules = Kernel.find().modules("virtio_pci", "virtio_blk");
    Path other = scratch.resolve("other");
    disk(root("that one"), other);
    Path wanted = scratch.resolve("wanted");
    InitPlan.OnDisk root =
        new InitPlan.OnDisk(
            List.copyOf(modules.keySet()), List.of(), superblock(disk(root("this one"), wanted)));
    String console =
        boot(
            initramfs(plan("exit 5").with(root), modules),
            List.of("-drive", "if=virtio,format=raw,file=" + other));
    assertLines(
        console,
        "husk: find the image's root file system on a disk: errno 2",
        "husk: start /bin/busybox: errno 2",
        "husk: exited with status 127");
  }

  @Test
  void saysWhenTheRootIsDamaged() throws Exception {
    Path root = scratch.resolve("root");
    write(root("this one"), root);
    byte[] bytes = Files.readAllBytes(root);
    bytes[0] ^= 1;
    Map<String, byte[]> modules = Kernel.find().modules("loop", "squashfs", "overlay");
    InitPlan plan =
        plan("exit 5").with(new InitPlan.InMemory(List.copyOf(modules.keySet()), "/root.squashfs"));
    String console = boot(initramfs(plan, modules).file("root.squashfs", bytes), List.of());
    assertLines(
        console,
        "husk: mount the image's root file system from /dev/loop0: errno 22",
        "husk: exited with status 127");
  }

  private static InitPlan plan(String script) {
    return new InitPlan(
        null,
        List.of(),
        List.of("/bin/busybox", "sh", "-c", script),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        "/",
        "guest",
        false,
        false,
        2);
  }

  private static FileTree root(String name) throws IOException {
    Tools.need(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
    return new FileTree()
        .file("bin/busybox", 0755, Content.of(BUSYBOX))
        .file("etc/name", 0644, text(name + "\n"))
        .file("gone", 0644, text("gone"));
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Squashfs write(FileTree tree, Path to) throws IOException {
    try (FileChannel channel =
        FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      return SquashfsWriter.write(tree, Method.LZ4, channel, 0, scratch.resolve("cache"));
    }
  }

  private Squashfs disk(FileTree tree, Path to) throws IOException {
    Path root = Files.createTempFile(scratch, "root", null);
    Squashfs squashfs = write(tree, root);
    try (FileChannel channel =
        FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      DiskImage.of(new FileTree().file("a", 0644, text("a")))
          .with(Content.of(root))
          .write(channel, DiskFormat.RAW);
    }
    return squashfs;
  }

  private static List<Long> superblock(Squashfs squashfs) {
    ByteBuffer bytes = ByteBuffer.wrap(squashfs.superblock()).order(ByteOrder.LITTLE_ENDIAN);
    List<Long> numbers = new ArrayList<>();
    while (bytes.hasRemaining()) {
      numbers.add(bytes.getLong());
    }
    return numbers;
  }

  private static Initramfs initramfs(InitPlan plan, Map<String, byte[]> modules) {
    Initramfs initramfs = new Initramfs();
    initramfs.file("init", InitProgram.executable(plan)).directory("modules");
    modules.forEach((path, bytes) -> initramfs.file(path.substring(1), bytes));
    return initramfs;
  }

  private String boot(Initramfs initramfs, List<String> options) throws Exception {
    Path initrd = Files.write(scratch.resolve("initrd"), initramfs.bytes());
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-kernel", Kernel.find().image().toString(), "-initrd", initrd.toString()));
    all.addAll(List.of("-append", "console=ttyS0 loglevel=3 panic=-1 cryptomgr.notests"));
    try (Guest guest = Guest.start(scratch, "q35", all)) {
      guest.awaitEnd();
      return guest.console();
    }
  }

  private static void assertLines(String console, String... lines) {
    for (String line : lines) {
      assertTrue(console.contains(line), line + " is not in:\n" + console);
    }
  }
}

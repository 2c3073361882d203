package dev.husk.image.pack;

import dev.husk.image.cpio.CpioReader;
import dev.husk.image.init.InitPlan;
import dev.husk.image.init.InitProgram;
import dev.husk.image.kernel.Kernel;
import dev.husk.image.kernel.KernelModule;
import dev.husk.image.squashfs.Squashfs;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel unpacks into memory: init, the modules that the root file system takes, and,
 * where there is no disk, the root file system itself. It stays compressed there.
 */
public final class Initramfs {
  private static final String ROOT = "root.squashfs";

  /** What a root file system takes. What a kernel lacks, it has built in. */
  private static final List<String> FILE_SYSTEMS = List.of("squashfs", "overlay");

  private static final List<String> IN_MEMORY = List.of("loop");

  /** The disks of QEMU, Firecracker, cloud-hypervisor and KubeVirt. */
  static final List<String> DISKS = List.of("virtio_mmio", "virtio_pci", "virtio_blk");

  /** Those of other hypervisors. */
  static final List<String> MORE_DISKS =
      List.of("virtio_scsi", "nvme", "vmw_pvscsi", "hv_storvsc", "xen_blkfront", "sd_mod");

  private Initramfs() {}

  /**
   * One with the root file system in it.
   *
   * @param root the file with the root file system
   */
  static FileTree inMemory(Image image, Path root) throws IOException {
    FileTree tree = new FileTree().file(ROOT, 0444, Content.of(root));
    List<String> wanted = new ArrayList<>(IN_MEMORY);
    wanted.addAll(FILE_SYSTEMS);
    return with(
        image,
        new InitPlan.InMemory(modules(image.kernel(), List.of(), wanted, tree), "/" + ROOT),
        tree);
  }

  /**
   * One that looks for the root file system on the disks.
   *
   * @param root the root file system
   */
  static FileTree onDisk(Image image, Squashfs root) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(root.superblock()).order(ByteOrder.LITTLE_ENDIAN);
    List<Long> superblock = new ArrayList<>();
    while (bytes.hasRemaining()) {
      superblock.add(bytes.getLong());
    }
    FileTree tree = new FileTree();
    List<String> wanted = new ArrayList<>(DISKS);
    wanted.addAll(FILE_SYSTEMS);
    List<String> first = modules(image.kernel(), List.of(), wanted, tree);
    return with(
        image,
        new InitPlan.OnDisk(first, modules(image.kernel(), wanted, MORE_DISKS, tree), superblock),
        tree);
  }

  private static FileTree with(Image image, InitPlan.Root root, FileTree tree) {
    return tree.file("init", 0755, Content.of(InitProgram.executable(image.init().with(root))));
  }

  /**
   * Puts modules into a tree, with those that they need.
   *
   * @param loaded those that are loaded before, with what they need
   * @return their paths in the order of loading
   */
  static List<String> modules(Kernel kernel, List<String> loaded, List<String> names, FileTree into)
      throws IOException {
    List<String> all = new ArrayList<>(loaded);
    all.addAll(names);
    List<KernelModule> before = kernel.modules().inLoadOrder(List.of(), loaded);
    List<KernelModule> modules = kernel.modules().inLoadOrder(List.of(), all);
    List<String> paths = new ArrayList<>();
    for (KernelModule module : modules.subList(before.size(), modules.size())) {
      String path = "lib/modules/" + module.fileName();
      into.file(path, 0644, module.content());
      paths.add("/" + path);
    }
    return paths;
  }

  /**
   * The root file system in one that {@link #inMemory} made; empty where it is on a disk.
   *
   * @throws IOException if it isn't an initramfs
   */
  public static Optional<Content> root(Content initramfs) throws IOException {
    return CpioReader.read(initramfs).get(ROOT) instanceof Node.RegularFile root
        ? Optional.of(root.content())
        : Optional.empty();
  }
}

package dev.husk.image.oci;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The disk of a virtual machine as a container image, which is how KubeVirt takes one (its user
 * guide, "containerDisk"): a single file in {@code /disk}, readable by QEMU's user there.
 */
public final class ContainerDisk {

  private static final int QEMU = 107;
  private static final int DIRECTORY_MODE = 0755;
  private static final int DISK_MODE = 0440;

  private ContainerDisk() {}

  /**
   * An image of this disk, raw or qcow2, under its own name.
   *
   * @param architecture of the virtual machine: {@code amd64}, {@code arm64}
   * @throws IOException if it isn't there
   */
  public static OciImage of(Path disk, String architecture) throws IOException {
    FileTree files =
        new FileTree()
            .directory("disk", DIRECTORY_MODE)
            .file("disk/" + disk.getFileName(), DISK_MODE, Content.of(disk));
    return new OciImage(
        ImageConfig.builder(architecture).build(), List.of(new Layer("disk", files, QEMU, QEMU)));
  }
}

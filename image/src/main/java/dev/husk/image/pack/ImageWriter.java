package dev.husk.image.pack;

import com.github.luben.zstd.ZstdOutputStream;
import dev.husk.image.app.App;
import dev.husk.image.cache.Scratch;
import dev.husk.image.cpio.CpioWriter;
import dev.husk.image.disk.DiskFormat;
import dev.husk.image.disk.DiskImage;
import dev.husk.image.elf.Machine;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.init.EfiStub;
import dev.husk.image.kernel.Vmlinux;
import dev.husk.image.oci.ContainerDisk;
import dev.husk.image.oci.ImageConfig;
import dev.husk.image.oci.ImageName;
import dev.husk.image.oci.Layer;
import dev.husk.image.oci.LayerCache;
import dev.husk.image.oci.OciImage;
import dev.husk.image.oci.PackedImage;
import dev.husk.image.pe.Uki;
import dev.husk.image.pe.UkiSection;
import dev.husk.image.squashfs.Method;
import dev.husk.image.squashfs.Squashfs;
import dev.husk.image.squashfs.SquashfsWriter;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes an image in any of its formats. A file appears when it is complete, or not at all. */
public final class ImageWriter {
  /** Where firmware looks on a disk (UEFI 3.5.1.1). */
  public static final String EFI_PROGRAM = "EFI/BOOT/BOOTX64.EFI";

  private static final int ZSTD_LEVEL = 15;

  private final Image image;
  private final Method compression;
  private final Path cache;

  /**
   * @param compression of the root file system of a machine
   * @param cache a directory for what later calls can use again
   */
  public ImageWriter(Image image, Method compression, Path cache) {
    this.image = image;
    this.compression = compression;
    this.cache = cache;
  }

  /**
   * Writes it.
   *
   * @throws IOException if that fails, with the path; nothing is left there then
   */
  public void write(Format format, Path to) throws IOException {
    try {
      writeAll(format, to);
    } catch (IOException e) {
      throw new IOException(to + " can't be written: " + e.getMessage(), e);
    }
  }

  private void writeAll(Format format, Path to) throws IOException {
    Path parent = to.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    if (format == Format.OCI || format == Format.DOCKER) {
      // Writes beside and moves, itself.
      containers(format, to);
      return;
    }
    try (Scratch scratch = Scratch.directory(parent, "." + to.getFileName())) {
      Path fresh = scratch.path();
      Path file = fresh.resolve("image");
      switch (format) {
        case BOOT -> boot(fresh, file);
        case CONTAINER_DISK -> {
          Path disk = fresh.resolve(name(to) + ".qcow2");
          disk(Format.QCOW2, fresh, disk);
          ContainerDisk.of(disk, "amd64").pack(layers()).writeArchive(file, tag(to));
        }
        case UKI -> {
          try (OutputStream out = Files.newOutputStream(file)) {
            uki(cpio(inMemory(fresh), fresh)).writeTo(out);
          }
        }
        default -> disk(format, fresh, file);
      }
      if (format == Format.BOOT && Files.isDirectory(to)) {
        for (Path part : list(file)) {
          Files.move(part, to.resolve(part.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      } else {
        Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      return all.sorted().toList();
    }
  }

  private void boot(Path scratch, Path directory) throws IOException {
    Files.createDirectory(directory);
    copy(image.kernelFile(), directory.resolve("vmlinuz"));
    copy(Vmlinux.of(image.kernel().file()).content(), directory.resolve("vmlinux"));
    Files.move(cpio(inMemory(scratch), scratch), directory.resolve("initramfs"));
    Files.writeString(directory.resolve("cmdline"), image.commandLine() + "\n");
    Files.write(directory.resolve("manifest.json"), Manifest.json(image));
  }

  private FileTree inMemory(Path scratch) throws IOException {
    Path root = scratch.resolve("root");
    root(root);
    return Initramfs.inMemory(image, root);
  }

  private Squashfs root(Path to) throws IOException {
    try (FileChannel channel =
        FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return SquashfsWriter.write(image.root(), compression, channel, 0, cache.resolve("blocks"));
    }
  }

  /** An archive as it is: what is large in it is compressed. */
  private static Path cpio(FileTree tree, Path scratch) throws IOException {
    Path file = scratch.resolve("initramfs");
    try (OutputStream out = buffered(file)) {
      CpioWriter.write(tree, out);
    }
    return file;
  }

  /** An archive compressed: a fourth of it, in no time. */
  private static Path zstd(FileTree tree, Path scratch) throws IOException {
    Path file = scratch.resolve("initramfs");
    try (OutputStream out = new ZstdOutputStream(buffered(file), ZSTD_LEVEL)) {
      CpioWriter.write(tree, out);
    }
    return file;
  }

  private Content uki(Path initramfs) throws IOException {
    Map<UkiSection, Content> sections = new EnumMap<>(UkiSection.class);
    sections.put(
        UkiSection.OSREL, text("ID=husk\nNAME=Husk\nPRETTY_NAME=" + image.app().name() + "\n"));
    sections.put(UkiSection.UNAME, text(image.kernel().file().version()));
    sections.put(UkiSection.CMDLINE, text(image.commandLine()));
    sections.put(UkiSection.HUSK, Content.of(Manifest.json(image)));
    sections.put(UkiSection.LINUX, image.kernelFile());
    sections.put(UkiSection.INITRD, Content.of(initramfs));
    return Uki.write(Uki.stub(Machine.X86_64, EfiStub.code(), EfiStub.ENTRY), sections);
  }

  private void disk(Format format, Path scratch, Path to) throws IOException {
    Path root = scratch.resolve("root");
    Content uki = uki(zstd(Initramfs.onDisk(image, root(root)), scratch));
    DiskImage disk =
        DiskImage.of(new FileTree().file(EFI_PROGRAM, 0644, uki)).with(Content.of(root));
    try (FileChannel channel =
        FileChannel.open(
            to, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      disk.write(channel, format == Format.QCOW2 ? DiskFormat.QCOW2 : DiskFormat.RAW);
    }
  }

  private void containers(Format format, Path to) throws IOException {
    User user = image.user();
    ImageConfig.Builder config =
        ImageConfig.builder("amd64")
            .entrypoint(image.command())
            .environment(image.environment())
            .ports(List.copyOf(image.ports()))
            .volumes(image.data().stream().map(DataDirectory::path).toList())
            .user(user == null ? "" : user.toString());
    PackedImage packed =
        new OciImage(
                config.workingDirectory("/" + App.DIRECTORY).build(),
                List.of(
                    new Layer("jvm", image.runtime()),
                    new Layer("app", image.files(), user == null ? 0 : user.uid(), 0)))
            .pack(layers());
    ImageName tag = tag(to);
    if (format == Format.OCI) {
      packed.writeLayout(to, tag);
    } else {
      packed.writeArchive(to, tag);
    }
  }

  private LayerCache layers() {
    return new LayerCache(cache.resolve("oci"));
  }

  private static String name(Path to) {
    return to.getFileName().toString().replaceAll("(\\.disk)?(\\.oci)?(\\.tar)?$", "");
  }

  private static ImageName tag(Path to) {
    return ImageName.of(name(to).toLowerCase(Locale.ROOT));
  }

  private static void copy(Content content, Path to) throws IOException {
    try (OutputStream out = buffered(to)) {
      content.writeTo(out);
    }
  }

  private static OutputStream buffered(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.husk.image.boot;

import dev.husk.image.cache.Cache;
import dev.husk.image.cache.Scratch;
import dev.husk.image.cache.Seal;
import dev.husk.image.disk.Blocks;
import dev.husk.image.disk.DiskImage;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.kernel.KernelFile;
import dev.husk.image.kernel.Vmlinux;
import dev.husk.image.pack.ImageWriter;
import dev.husk.image.pack.Initramfs;
import dev.husk.image.pack.Manifest;
import dev.husk.image.pe.Uki;
import dev.husk.image.pe.UkiSection;
import dev.husk.image.squashfs.SquashfsReader;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import dev.husk.image.tree.Sha256;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image that a machine can be booted from, opened: a disk, a UKI, or a directory of their parts.
 */
public final class Bootable implements Closeable {
  private static final String KERNEL = "vmlinux";

  private final Path path;
  private final @Nullable Blocks disk;
  private final @Nullable Uki uki;

  /** The root file system, where it isn't on the disk. */
  private @Nullable Blocks opened;

  private Bootable(Path path, @Nullable Blocks disk, @Nullable Uki uki) {
    this.path = path;
    this.disk = disk;
    this.uki = uki;
  }

  /**
   * Opens an image.
   *
   * @throws IOException if it isn't one, with what it is instead
   */
  public static Bootable open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      for (String part : new String[] {"vmlinux", "initramfs", "cmdline"}) {
        if (!Files.isRegularFile(path.resolve(part))) {
          throw new IOException(path + " is no image: it lacks " + part);
        }
      }
      return new Bootable(path, null, null);
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " isn't there");
    }
    if (startsWith(path, "MZ")) {
      return new Bootable(path, null, Uki.read(Content.of(path)));
    }
    Blocks disk = Blocks.open(path);
    try {
      FileTree files = DiskImage.read(disk);
      if (!(files.get(ImageWriter.EFI_PROGRAM) instanceof Node.RegularFile program)) {
        throw new IOException(path + " has no " + ImageWriter.EFI_PROGRAM);
      }
      return new Bootable(path, disk, Uki.read(program.content()));
    } catch (IOException e) {
      disk.close();
      throw new IOException(path + " is no image of Husk's: " + e.getMessage(), e);
    }
  }

  private static boolean startsWith(Path path, String magic) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readNBytes(magic.length()), StandardCharsets.ISO_8859_1).equals(magic);
    }
  }

  /** The kernel's command line that the image has. */
  public String commandLine() throws IOException {
    byte[] line =
        uki == null
            ? Files.readAllBytes(path.resolve("cmdline"))
            : section(UkiSection.CMDLINE).bytes();
    return new String(line, StandardCharsets.UTF_8).strip();
  }

  /** What kind of image it is, for people. */
  public String format() {
    if (uki == null) {
      return "directory for direct boot";
    }
    return disk == null ? "Unified Kernel Image" : "disk with a Unified Kernel Image";
  }

  /** The kernel's version, where the image tells. */
  public Optional<String> kernelVersion() throws IOException {
    return text(UkiSection.UNAME);
  }

  /** What the packer wrote down of the image, as JSON. */
  public Optional<String> manifest() throws IOException {
    Path beside = path.resolve("manifest.json");
    return uki == null && Files.exists(beside)
        ? Optional.of(Files.readString(beside))
        : text(UkiSection.HUSK);
  }

  /** TCP ports that the packer was told of, in order; none where there is no manifest. */
  public List<Integer> ports() throws IOException {
    Optional<String> manifest = manifest();
    return manifest.isEmpty() ? List.of() : Manifest.ports(manifest.get());
  }

  /** Directories whose files outlive a guest, each on a disk of its own. */
  public List<DataDirectory> data() throws IOException {
    Optional<String> manifest = manifest();
    return manifest.isEmpty() ? List.of() : Manifest.data(manifest.get());
  }

  private Optional<String> text(UkiSection section) throws IOException {
    Optional<Content> content = uki == null ? Optional.empty() : uki.section(section);
    return content.isEmpty()
        ? Optional.empty()
        : Optional.of(new String(content.get().bytes(), StandardCharsets.UTF_8).strip());
  }

  /**
   * An ELF kernel with a PVH entry.
   *
   * @param directory where it goes if it has to be unpacked, unless it lies there from before
   */
  public Path kernel(Path directory) throws IOException {
    if (uki == null) {
      return path.resolve(KERNEL);
    }
    Content packed = section(UkiSection.LINUX);
    Path entry = directory.resolve(digest(packed));
    if (Seal.holds(entry)) {
      Cache.used(entry);
      return entry.resolve(KERNEL);
    }
    Files.createDirectories(directory);
    Cache.prune(directory);
    try (Scratch scratch = Scratch.directory(directory, "unpacking")) {
      Path fresh = Files.createDirectory(scratch.path().resolve("entry"));
      KernelFile file = KernelFile.of(path.toString(), packed);
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(fresh.resolve(KERNEL)), 1 << 16)) {
        Vmlinux.of(file).content().writeTo(out);
      }
      Seal.set(fresh);
      if (Files.exists(entry) && !Seal.holds(entry)) {
        Cache.delete(entry);
      }
      Files.move(fresh, entry);
    } catch (IOException e) {
      if (!Seal.holds(entry)) {
        throw new IOException("its kernel can't be unpacked: " + e.getMessage(), e);
      }
      // Another process was sooner.
    }
    return entry.resolve(KERNEL);
  }

  private static String digest(Content content) throws IOException {
    return HexFormat.of().formatHex(Sha256.begin().digest(content.bytes()), 0, 12);
  }

  /**
   * What the kernel unpacks.
   *
   * @param scratch where it goes if it isn't a file of its own
   */
  public Path initramfs(Path scratch) throws IOException {
    if (uki == null) {
      return path.resolve("initramfs");
    }
    Path initramfs = scratch.resolve("initramfs");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(initramfs), 1 << 16)) {
      section(UkiSection.INITRD).writeTo(out);
    }
    return initramfs;
  }

  /** The image as the disk of a machine; null where it is none. */
  public @Nullable MachineDisk disk() throws IOException {
    return disk == null ? null : MachineDisk.of(path, false);
  }

  /**
   * The files of the root file system. They stay readable until this is closed.
   *
   * @param scratch where it goes if it has to be taken out
   */
  public FileTree root(Path scratch) throws IOException {
    if (disk != null) {
      return SquashfsReader.read(DiskImage.root(disk));
    }
    Path file = scratch.resolve("root");
    Optional<Content> root = Initramfs.root(Content.of(initramfs(scratch)));
    if (root.isEmpty()) {
      throw new IOException(path + " has no root file system");
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      root.get().writeTo(out);
    }
    opened = Blocks.open(file);
    return SquashfsReader.read(opened);
  }

  private Content section(UkiSection section) throws IOException {
    return uki.section(section)
        .orElseThrow(() -> new IOException(path + " lacks " + section.section()));
  }

  @Override
  public void close() throws IOException {
    if (disk != null) {
      disk.close();
    }
    if (opened != null) {
      opened.close();
    }
  }
}

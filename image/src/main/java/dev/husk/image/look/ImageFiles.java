package dev.husk.image.look;

import dev.husk.image.boot.Bootable;
import dev.husk.image.cache.Cache;
import dev.husk.image.oci.StoredImage;
import dev.husk.image.pack.HeapSize;
import dev.husk.image.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files in an image of any format, opened. */
public final class ImageFiles implements Closeable {
  private static final int TAR_MAGIC_AT = 257;
  private static final byte[] TAR_MAGIC = {'u', 's', 't', 'a', 'r'};

  private final FileTree root;
  private final Map<String, String> facts;
  private final @Nullable String manifest;
  private final Closeable opened;
  private final @Nullable Path scratch;

  private ImageFiles(
      FileTree root,
      Map<String, String> facts,
      @Nullable String manifest,
      Closeable opened,
      @Nullable Path scratch) {
    this.root = root;
    this.facts = facts;
    this.manifest = manifest;
    this.opened = opened;
    this.scratch = scratch;
  }

  /**
   * Opens an image: a disk, a Unified Kernel Image, a directory for direct boot, or a container
   * image. A root file system that isn't on a disk is taken out beside the system's temporary files
   * until this is closed.
   *
   * @throws IOException if it isn't an image, with what was found instead
   */
  public static ImageFiles open(Path path) throws IOException {
    return isContainer(path) ? container(path) : bootable(path);
  }

  private static boolean isContainer(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return Files.exists(path.resolve("oci-layout"));
    }
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(TAR_MAGIC_AT + TAR_MAGIC.length);
      return head.length == TAR_MAGIC_AT + TAR_MAGIC.length
          && Arrays.equals(head, TAR_MAGIC_AT, head.length, TAR_MAGIC, 0, TAR_MAGIC.length);
    }
  }

  private static ImageFiles container(Path path) throws IOException {
    StoredImage image = StoredImage.open(path);
    try {
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("format", "container image");
      facts.put("names", String.join(", ", image.names()));
      facts.put("id", image.id().toString());
      image
          .layers()
          .forEach(layer -> facts.put("layer " + layer.name(), layer.size() + " bytes packed"));
      List<String> command = image.config().entrypoint();
      facts.put("command", String.join(" ", command));
      HeapSize.words(command).ifPresent(words -> facts.put("heap", words));
      return new ImageFiles(image.root(), facts, null, image, null);
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  private static ImageFiles bootable(Path path) throws IOException {
    Bootable bootable = Bootable.open(path);
    Path scratch = Files.createTempDirectory("husk-image");
    try {
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("format", bootable.format());
      bootable.kernelVersion().ifPresent(version -> facts.put("kernel", version));
      facts.put("command line", bootable.commandLine());
      FileTree root = bootable.root(scratch);
      String manifest = bootable.manifest().orElse(null);
      return new ImageFiles(root, facts, manifest, bootable, scratch);
    } catch (IOException | RuntimeException e) {
      bootable.close();
      Cache.delete(scratch);
      throw e;
    }
  }

  /** The root file system. */
  public FileTree root() {
    return root;
  }

  /** What is known of the image as a whole, by name, for people. */
  public Map<String, String> facts() {
    return facts;
  }

  /** What the packer wrote down of the image, as JSON. */
  public Optional<String> manifest() {
    return Optional.ofNullable(manifest);
  }

  @Override
  public void close() throws IOException {
    opened.close();
    if (scratch != null) {
      Cache.delete(scratch);
    }
  }
}

package dev.husk.image.oci;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one {@link StoredImage}, and closes what it opened if that fails. */
final class ImageReader {

  /** Docker's limit. */
  private static final int MOST_LAYERS = 127;

  /** An index may lead to another one, but not for ever. */
  private static final int MOST_INDEXES = 4;

  private final Path path;
  private final OpenFiles files;

  ImageReader(Path path, long mostBytes) {
    this.path = path;
    this.files = new OpenFiles(mostBytes);
  }

  /** The files of a layout or an archive by their names in it. */
  @FunctionalInterface
  private interface Source {
    @Nullable Content find(String name) throws IOException;

    default Content get(String name) throws IOException {
      Content content = find(name);
      if (content == null) {
        throw new IOException(name + " is missing");
      }
      return content;
    }
  }

  /** What the two kinds of manifest tell alike. */
  private record Manifest(List<String> names, Content config, List<Content> layers) {}

  StoredImage read() throws IOException {
    try {
      return read(source());
    } catch (IOException e) {
      files.close();
      throw e instanceof FileSystemException ? e : new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private Source source() throws IOException {
    if (Files.isDirectory(path)) {
      return name ->
          Files.isRegularFile(path.resolve(name)) ? Content.of(path.resolve(name)) : null;
    }
    FileTree archive = TarIndex.read("the archive", files.open(path));
    return name -> archive.get(name) instanceof Node.RegularFile regular ? regular.content() : null;
  }

  private StoredImage read(Source source) throws IOException {
    Manifest manifest;
    if (source.find("index.json") != null) {
      manifest = ociManifest(source);
    } else if (!Files.isDirectory(path) && source.find("manifest.json") != null) {
      manifest = dockerManifest(source);
    } else {
      throw new IOException("neither an OCI image layout nor an archive of docker save");
    }
    Json config = Json.read("the config", manifest.config());
    List<String> diffIds = config.get("rootfs").get("diff_ids").strings();
    if (diffIds.size() != manifest.layers().size() || diffIds.size() > MOST_LAYERS) {
      throw new IOException(
          "%d layers, but %d diff_ids in the config; at most %d can be"
              .formatted(manifest.layers().size(), diffIds.size(), MOST_LAYERS));
    }
    List<String> comments = comments(config);
    List<StoredLayer> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      Content content = manifest.layers().get(i);
      String where = "layer " + (i + 1);
      Digest diffId = Digest.parse(diffIds.get(i));
      FileTree tree = TarIndex.read(where, files.decompress(where, content, diffId));
      String name = i < comments.size() ? comments.get(i) : "";
      layers.add(new StoredLayer(name, diffId, content.size(), tree));
    }
    return new StoredImage(
        manifest.names(),
        Digest.of(manifest.config().bytes()),
        Documents.readConfig(config),
        layers,
        files);
  }

  /** Those of the steps in an image's history that made a layer. */
  private static List<String> comments(Json config) throws IOException {
    List<String> comments = new ArrayList<>();
    for (Json step : config.get("history").list()) {
      if (!Boolean.TRUE.equals(step.get("empty_layer").value())) {
        comments.add(step.get("comment").textOr(""));
      }
    }
    return comments;
  }

  private static Manifest ociManifest(Source source) throws IOException {
    Json document = Json.read("index.json", source.get("index.json"));
    List<String> names = List.of();
    for (int i = 0; !document.get("manifests").isAbsent(); i++) {
      if (i == MOST_INDEXES) {
        throw new IOException("more than " + MOST_INDEXES + " indexes lead to one another");
      }
      Json image = firstForLinux(document);
      Json annotations = image.get("annotations");
      Json name = annotations.get(Documents.NAME_ANNOTATION);
      if (name.isAbsent()) {
        name = annotations.get(Documents.TAG_ANNOTATION);
      }
      if (!name.isAbsent()) {
        names = List.of(name.text());
      }
      document = Json.read("the manifest", blob(source, image));
    }
    List<Content> layers = new ArrayList<>();
    for (Json layer : document.get("layers").list()) {
      layers.add(sized(source, layer));
    }
    return new Manifest(names, blob(source, document.get("config")), layers);
  }

  private static Json firstForLinux(Json index) throws IOException {
    for (Json image : index.get("manifests").list()) {
      if (image.get("platform").get("os").textOr(Documents.OS).equals(Documents.OS)) {
        return image;
      }
    }
    throw new IOException("there is no image for Linux in it");
  }

  private static Manifest dockerManifest(Source source) throws IOException {
    List<Json> images = Json.read("manifest.json", source.get("manifest.json")).list();
    if (images.isEmpty()) {
      throw new IOException("there is no image in it");
    }
    Json image = images.getFirst();
    List<Content> layers = new ArrayList<>();
    for (String layer : image.get("Layers").strings()) {
      layers.add(source.get(layer));
    }
    return new Manifest(
        image.get("RepoTags").strings(), source.get(image.get("Config").text()), layers);
  }

  /** A document by its descriptor, with its bytes verified. */
  private static Content blob(Source source, Json descriptor) throws IOException {
    Content content = sized(source, descriptor);
    if (content.size() > Json.MOST_BYTES) {
      throw new IOException(descriptor.where() + " is of " + content.size() + " bytes");
    }
    byte[] bytes = content.bytes();
    Digest digest = Digest.parse(descriptor.get("digest").text());
    if (!digest.equals(Digest.of(bytes))) {
      throw new IOException(Documents.blobPath(digest) + " is damaged");
    }
    return Content.of(bytes);
  }

  private static Content sized(Source source, Json descriptor) throws IOException {
    Content content = source.get(Documents.blobPath(Digest.parse(descriptor.get("digest").text())));
    Json size = descriptor.get("size");
    if (content.size() != size.number()) {
      throw new IOException(
          "%s: %d, but the blob has %d bytes"
              .formatted(size.where(), size.number(), content.size()));
    }
    return content;
  }
}

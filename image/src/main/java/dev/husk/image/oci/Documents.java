package dev.husk.image.oci;

import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON documents of an image, ours to write, and the config that others write to read. */
final class Documents {

  private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

  static final String OS = "linux";

  /** The full name, for containerd and, in archives, for Docker and Podman. */
  static final String NAME_ANNOTATION = "io.containerd.image.name";

  /** What image-layout.md has: the tag. */
  static final String TAG_ANNOTATION = "org.opencontainers.image.ref.name";

  private static final String CREATED = Instant.ofEpochSecond(FileTree.TIME).toString();
  private static final String TCP = "/tcp";

  private Documents() {}

  /** The file {@code oci-layout} (image-layout.md). */
  static byte[] layout() {
    return Json.write(Map.of("imageLayoutVersion", "1.0.0"));
  }

  /** How an image runs, and of what layers it is (config.md). */
  static byte[] config(ImageConfig config, List<PackedLayer> layers) {
    Map<String, Object> run = new LinkedHashMap<>();
    putUnlessEmpty(run, "User", config.user());
    Map<String, Object> ports = new LinkedHashMap<>();
    config.ports().forEach(port -> ports.put(port + TCP, Map.of()));
    putUnlessEmpty(run, "ExposedPorts", ports);
    Map<String, Object> volumes = new LinkedHashMap<>();
    config.volumes().forEach(path -> volumes.put(path, Map.of()));
    putUnlessEmpty(run, "Volumes", volumes);
    List<String> environment = new ArrayList<>();
    config.environment().forEach((name, value) -> environment.add(name + "=" + value));
    putUnlessEmpty(run, "Env", environment);
    putUnlessEmpty(run, "Entrypoint", config.entrypoint());
    putUnlessEmpty(run, "Cmd", config.command());
    putUnlessEmpty(run, "WorkingDir", config.workingDirectory());
    putUnlessEmpty(run, "Labels", config.labels());
    putUnlessEmpty(run, "StopSignal", config.stopSignal());

    Map<String, Object> document = new LinkedHashMap<>();
    document.put("created", CREATED);
    document.put("architecture", config.architecture());
    document.put("os", OS);
    document.put("config", run);
    document.put(
        "rootfs",
        object(
            "type",
            "layers",
            "diff_ids",
            layers.stream().map(layer -> layer.diffId().toString()).toList()));
    document.put(
        "history",
        layers.stream()
            .map(layer -> object("created", CREATED, "created_by", "husk", "comment", layer.name()))
            .toList());
    return Json.write(document);
  }

  /** The list of an image's blobs (manifest.md). */
  static byte[] manifest(byte[] config, List<PackedLayer> layers) {
    return Json.write(
        object(
            "schemaVersion",
            2,
            "mediaType",
            MANIFEST_TYPE,
            "config",
            descriptor(CONFIG_TYPE, Digest.of(config), config.length),
            "layers",
            layers.stream()
                .map(layer -> descriptor(LAYER_TYPE, layer.digest(), layer.size()))
                .toList()));
  }

  /** The file {@code index.json} of a layout with a single image (image-index.md). */
  static byte[] index(byte[] manifest, ImageName name, String architecture) {
    Map<String, Object> image = descriptor(MANIFEST_TYPE, Digest.of(manifest), manifest.length);
    image.put("annotations", object(NAME_ANNOTATION, name.qualified(), TAG_ANNOTATION, name.tag()));
    image.put("platform", object("architecture", architecture, "os", OS));
    return Json.write(
        object("schemaVersion", 2, "mediaType", INDEX_TYPE, "manifests", List.of(image)));
  }

  /** The file {@code manifest.json} of Docker's archives (Docker image specification 1.2). */
  static byte[] dockerManifest(Digest config, List<PackedLayer> layers, ImageName name) {
    return Json.write(
        List.of(
            object(
                "Config",
                blobPath(config),
                "RepoTags",
                List.of(name.toString()),
                "Layers",
                layers.stream().map(layer -> blobPath(layer.digest())).toList())));
  }

  /** Where a layout has a blob. */
  static String blobPath(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  /** What {@link #config} wrote, or another tool. UDP and SCTP ports are passed over. */
  static ImageConfig readConfig(Json document) throws IOException {
    Json run = document.get("config");
    Map<String, String> environment = new LinkedHashMap<>();
    for (String variable : run.get("Env").strings()) {
      int equals = variable.indexOf('=');
      if (equals < 0) {
        throw new IOException(run.get("Env").where() + ": no = in \"" + variable + "\"");
      }
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    List<Integer> ports = new ArrayList<>();
    for (Object key : run.get("ExposedPorts").fields().keySet()) {
      String port = (String) key;
      if (port.endsWith(TCP) || !port.contains("/")) {
        ports.add(parsePort(run.get("ExposedPorts").where(), port.replace(TCP, "")));
      }
    }
    try {
      return ImageConfig.builder(document.get("architecture").text())
          .entrypoint(run.get("Entrypoint").strings())
          .command(run.get("Cmd").strings())
          .environment(environment)
          .workingDirectory(run.get("WorkingDir").textOr(""))
          .ports(ports)
          .volumes(run.get("Volumes").fields().keySet().stream().map(String::valueOf).toList())
          .user(run.get("User").textOr(""))
          .labels(run.get("Labels").texts())
          .stopSignal(run.get("StopSignal").textOr(""))
          .build();
    } catch (IllegalArgumentException e) {
      throw new IOException(run.where() + ": " + e.getMessage(), e);
    }
  }

  private static int parsePort(String where, String port) throws IOException {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new IOException(where + ": not a port: " + port, e);
    }
  }

  private static Map<String, Object> descriptor(String mediaType, Digest digest, long size) {
    return object("mediaType", mediaType, "digest", digest.toString(), "size", size);
  }

  /** An object of these names and values, in this order. */
  private static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  // Docker writes null or nothing for these; an empty Entrypoint would replace that of a base.
  private static void putUnlessEmpty(Map<String, Object> fields, String name, Object value) {
    if (!value.equals("") && !value.equals(List.of()) && !value.equals(Map.of())) {
      fields.put(name, value);
    }
  }
}

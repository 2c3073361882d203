package dev.husk.image.config;

import dev.husk.image.init.DataDirectory;
import dev.husk.image.kubernetes.Boot;
import dev.husk.image.kubernetes.Manifests;
import dev.husk.image.kubernetes.Workload;
import dev.husk.image.pack.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/** A file with manifests of a packed app, with what husk.toml says of it. */
public final class ManifestFile {
  private static final int MEMORY_MEBIBYTES = 512;
  private static final int CPU_MILLIS = 1000;

  private final Path path;
  private final HuskToml toml;

  ManifestFile(Path path, HuskToml toml) {
    this.path = path;
    this.toml = toml;
  }

  /** Writes a Deployment of the container image and a VirtualMachine of KubeVirt. */
  public void write(Image image) throws IOException {
    String name =
        toml.name() == null ? image.app().name().replaceFirst("\\.(jar|war)$", "") : toml.name();
    Integer memory = toml.memoryMebibytes();
    Integer cpu = toml.kubernetes().cpuMillis();
    Workload workload =
        new Workload(
            name,
            "amd64",
            List.copyOf(image.ports()),
            toml.kubernetes().health(),
            memory == null ? MEMORY_MEBIBYTES : memory,
            cpu == null ? CPU_MILLIS : cpu,
            image.user() != null && !image.user().isRoot(),
            image.data().stream()
                .collect(Collectors.toMap(DataDirectory::label, DataDirectory::path)));
    String wanted = toml.kubernetes().image();
    String container = wanted == null ? workload.name() + ":latest" : wanted;
    String disk = container.replaceFirst("(:[^:/]*)?$", "-disk$0");
    Path fresh = Files.createTempFile(path.toAbsolutePath().getParent(), ".manifests", null);
    try {
      Files.writeString(
          fresh,
          Manifests.deployment(workload, container)
              + "---\n"
              + Manifests.virtualMachine(workload, new Boot.Disk(disk)));
      Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}

package dev.husk.maven;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Packs the project's app into an image that boots, or into a container image, as {@code husk pack}
 * does. A {@code husk.toml} beside the POM says the same as the parameters do, and more; what
 * parameters say is stronger.
 */
@Mojo(
    name = "pack",
    defaultPhase = LifecyclePhase.PACKAGE,
    requiresDependencyResolution = ResolutionScope.RUNTIME,
    threadSafe = true)
public final class PackMojo extends HuskMojo {
  /**
   * The formats, each of which makes one file in the build's directory, named like the project's
   * jar: DISK (.img), QCOW2, UKI (.efi), BOOT, DOCKER (.tar), OCI (.oci.tar), CONTAINER_DISK
   * (.disk.tar).
   */
  @Parameter(property = "husk.formats", defaultValue = "DISK")
  List<String> formats = new ArrayList<>();

  /** Files to write instead; their names decide on the formats. */
  @Parameter(property = "husk.outputs")
  List<File> outputs = new ArrayList<>();

  /** Of a machine's root file system: lz4, which starts sooner, or zstd, which is smaller. */
  @Parameter(property = "husk.compression")
  @Nullable String compression;

  /** Arguments of the app. */
  @Parameter(property = "husk.arguments")
  List<String> arguments = new ArrayList<>();

  /** Variables of the app's environment. */
  @Parameter Map<String, @Nullable String> environment = new TreeMap<>();

  /** TCP ports that the app listens on. */
  @Parameter(property = "husk.ports")
  List<Integer> ports = new ArrayList<>();

  /**
   * Directories of the image whose files outlive the guest or the container, each {@code PATH} or
   * {@code LABEL:PATH}: on a disk of its own, or in a volume.
   */
  @Parameter(property = "husk.data")
  List<String> data = new ArrayList<>();

  /** Who the app runs as in containers, by number: {@code 1000} or {@code 1000:1000}. */
  @Parameter(property = "husk.user")
  @Nullable String user;

  /** Files and directories for the app's working directory. */
  @Parameter(property = "husk.files")
  List<File> files = new ArrayList<>();

  /** Modules of the JDK beside those that the app is seen to need. */
  @Parameter(property = "husk.modules")
  List<String> modules = new ArrayList<>();

  /** A Linux kernel, or a Debian package of one. */
  @Parameter(property = "husk.kernel")
  @Nullable File kernel;

  /** The kernel's modules, where they don't lie beside it. */
  @Parameter(property = "husk.kernelModules")
  @Nullable File kernelModules;

  /** Whether the kernel's modules keep their signatures, as Secure Boot needs it. */
  @Parameter(property = "husk.keepSignatures", defaultValue = "false")
  boolean keepSignatures;

  /** Where manifests for Kubernetes go. */
  @Parameter(property = "husk.kubernetes")
  @Nullable File kubernetes;

  /** Whether the app is started once, so that the image starts faster. */
  @Parameter(property = "husk.training", defaultValue = "true")
  boolean training = true;

  /** Paths asked for on each port that the app listens on while it is trained. */
  @Parameter(property = "husk.trainPaths")
  List<String> trainPaths = new ArrayList<>();

  /** How many seconds the app may take until it listens or ends. */
  @Parameter(property = "husk.trainLimit")
  @Nullable Integer trainLimit;

  @Override
  String command() {
    return "pack";
  }

  @Override
  List<String> options() throws MojoExecutionException {
    List<String> words = new ArrayList<>();
    words.add("--agent=" + agent());
    if (outputs.isEmpty()) {
      Path directory = Path.of(project.getBuild().getDirectory());
      for (String format : formats) {
        String name = project.getBuild().getFinalName() + format(format).suffix();
        words.add("--output=" + directory.resolve(name));
      }
    }
    addAll("--output=", outputs, words);
    addAll("--port=", ports, words);
    data.forEach(directory -> words.add("--data=" + directory));
    add("--user=", user, words);
    addAll("--file=", files, words);
    addAll("--module=", modules, words);
    addAll("--train=", trainPaths, words);
    environment.forEach(
        (name, value) -> words.add("--env=" + name + "=" + (value == null ? "" : value)));
    add("--compression=", compression, words);
    add("--kernel=", kernel, words);
    add("--kernel-modules=", kernelModules, words);
    add("--kubernetes=", kubernetes, words);
    add("--train-limit=", trainLimit, words);
    if (keepSignatures) {
      words.add("--keep-signatures");
    }
    if (!training) {
      words.add("--no-training");
    }
    return words;
  }

  @Override
  List<String> words() {
    return arguments;
  }

  private static OutputFormat format(String name) throws MojoExecutionException {
    for (OutputFormat format : OutputFormat.values()) {
      if (format.name().equalsIgnoreCase(name.strip().replace('-', '_'))) {
        return format;
      }
    }
    throw new MojoExecutionException(
        "there is no format " + name + "; formats are " + Arrays.toString(OutputFormat.values()));
  }

  private static void add(String option, @Nullable Object value, List<String> words) {
    if (value != null) {
      words.add(option + value);
    }
  }

  private static void addAll(String option, List<?> values, List<String> words) {
    values.forEach(value -> words.add(option + value));
  }
}

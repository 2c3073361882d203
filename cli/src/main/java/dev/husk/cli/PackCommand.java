package dev.husk.cli;

import dev.husk.image.app.AppRequest;
import dev.husk.image.kernel.Kernels;
import dev.husk.image.pack.Format;
import dev.husk.image.pack.Image;
import dev.husk.image.pack.ImageWriter;
import dev.husk.image.pack.PackRequest;
import dev.husk.image.pack.Packer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code husk pack}. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    description = {
      "Packs an app into an image that boots: the app, a private JVM with Husk in it, and a Linux"
          + " kernel, with no distribution around them. The app is started once to see what it"
          + " loads, shut off from all networks, so that the image starts faster.",
      ""
    },
    footer = {
      "",
      "The name after -o decides on the format: .img a raw disk, .qcow2 the same for QEMU, .efi a"
          + " Unified Kernel Image, .tar a Docker archive, .oci.tar an OCI image layout; --format"
          + " says it otherwise.",
      "",
      "  husk pack app.jar -o app.img",
      "  husk pack app.jar -o app.img --jvm-opt=-Xmx256m -- --port=8080",
      "  husk pack --main com.example.Main 'lib/*:classes' -o app.qcow2",
      "  husk pack app.jar -o app.tar && docker load -i app.tar",
      "  husk boot app.img -p 18080:8080        runs it under QEMU",
      "",
      "'husk check app.jar' says beforehand what an image can't serve."
    })
final class PackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "APP",
      description = "A jar or war, a directory with an app, or a class path (then with --main).")
  private String app;

  @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "What the app is given.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Where the image goes.")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; without it the name of the output decides.")
  private @Nullable Format format;

  @Option(names = "--main", paramLabel = "CLASS", description = "The app's main class.")
  private @Nullable String main;

  @Option(
      names = "--jvm-opt",
      paramLabel = "OPTION",
      description = "An option of the JVM, such as --jvm-opt=-Xmx256m. May be repeated.")
  private List<String> jvmOptions = new ArrayList<>();

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "A variable of the app's environment. May be repeated.")
  private Map<String, String> environment = new TreeMap<>();

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "A file or directory for the app's working directory. May be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--module",
      paramLabel = "MODULE",
      description = "A module of the JDK beside those that the app is seen to need.")
  private List<String> modules = new ArrayList<>();

  @Option(
      names = "--kernel",
      paramLabel = "FILE",
      description = {
        "A Linux kernel, or a Debian package of one. Without it: the best of this machine's, else"
            + " Debian's for virtual machines."
      })
  private @Nullable Path kernel;

  @Option(
      names = "--kernel-modules",
      paramLabel = "DIRECTORY",
      description = "The kernel's modules (lib/modules/VERSION), where they don't lie beside it.")
  private @Nullable Path kernelModules;

  @Option(
      names = "--train",
      paramLabel = "PATH",
      description = {
        "Asked for by HTTP on each port that the app listens on while it is trained (default: /)."
            + " May be repeated."
      })
  private List<String> trainPaths = new ArrayList<>();

  @Option(
      names = "--train-limit",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long the app may take until it listens or ends (default: 60).")
  private int trainLimit;

  @Option(names = "--no-training", description = "Don't start the app; the image starts slower.")
  private boolean noTraining;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (trainLimit < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--train-limit=" + trainLimit + ": give a number of seconds from 1 on");
    }
    Path cache = Kernels.defaultCache();
    PackRequest request =
        new PackRequest(
            new AppRequest(paths(app), main, jvmOptions, arguments, files),
            Path.of(System.getProperty("java.home")),
            Installation.agent(null),
            cache,
            kernel,
            kernelModules,
            new TreeSet<>(modules),
            new TreeMap<>(environment),
            noTraining
                ? null
                : new PackRequest.Training(
                    trainPaths.isEmpty() ? List.of("/") : trainPaths,
                    Duration.ofSeconds(trainLimit)));
    long start = System.nanoTime();
    try (PackProgress progress = new PackProgress()) {
      Image image = new Packer(request, progress).pack();
      progress.step("writing " + output);
      new ImageWriter(image, cache).write(format == null ? Format.of(output) : format, output);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %.1f MB, packed in %.1f s%n",
            output, size(output) / 1e6, (System.nanoTime() - start) / 1e9);
    return 0;
  }

  /** A class path, where it is one. */
  static List<Path> paths(String app) {
    return Stream.of(app.split(File.pathSeparator))
        .filter(part -> !part.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static long size(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}

package dev.husk.cli;

import dev.husk.image.app.AppRequest;
import dev.husk.image.config.PackOptions;
import dev.husk.image.config.PackSettings;
import dev.husk.image.kernel.Kernels;
import dev.husk.image.pack.Format;
import dev.husk.image.pack.HeapSize;
import dev.husk.image.pack.Image;
import dev.husk.image.pack.ImageWriter;
import dev.husk.image.pack.PackRequest;
import dev.husk.image.pack.Packer;
import dev.husk.image.squashfs.Method;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
          + " Unified Kernel Image, .boot a directory for direct boot, .tar a Docker archive,"
          + " .oci.tar an OCI image layout, .disk.tar a container disk; --format says it"
          + " otherwise.",
      "",
      "  husk pack app.jar -o app.img",
      "  husk pack app.jar -o app.img --jvm-opt=-Xmx256m -- --port=8080",
      "  husk pack --main com.example.Main 'lib/*:classes' -o app.qcow2",
      "  husk pack app.jar -o app.tar && docker load -i app.tar",
      "  husk boot app.img -p 18080:8080        runs it under QEMU",
      "",
      "'husk check app.jar' says beforehand what an image can't serve.",
      "",
      "A file husk.toml beside the app, or named by --config, says the same as options do, and"
          + " more:",
      "",
      "  name = 'shop'                      # of the app in manifests",
      "  main = 'com.example.Main'",
      "  jvm-options = ['-Xmx256m']",
      "  args = ['--port=8080']             # unless the command line has some",
      "  memory = '512M'                    # of the guest or the container, in manifests",
      "  ports = [8080]                     # that the app listens on",
      "  data = ['/app/data']               # as --data",
      "  user = '1000'                      # who it runs as in a container",
      "  modules = ['jdk.localedata']       # of the JDK, besides those that are found",
      "  keep-signatures = true             # as --keep-signatures",
      "  include = ['conf:app/conf']        # host:path/in/image",
      "  compression = 'zstd'               # smaller, but starts later",
      "  [environment]",
      "  STAGE = 'test'",
      "  [train]",
      "  url = '/warm-up'                   # asked for while the app is trained",
      "  command = './load.sh'              # run while it is trained",
      "  seconds = 60                       # how long it may take to listen, and the command to"
          + " end",
      "  [net]                              # without it: DHCP",
      "  address = '10.0.0.2/24'",
      "  gateway = '10.0.0.1'",
      "  dns = ['10.0.0.1']",
      "  [kubernetes]",
      "  health = '/health'",
      "  cpu = '500m'",
      "  image = 'registry.example/shop:1'"
    })
final class PackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "APP",
      description = "A jar or war, a directory with an app, or a class path.")
  private String app;

  @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "What the app is given.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Where the image goes. May be repeated, for one image in several formats.")
  private List<Path> outputs = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; without it the name of the output decides.")
  private @Nullable Format format;

  @Option(
      names = "--compression",
      paramLabel = "METHOD",
      description = {
        "Of a machine's root file system: lz4, which it is by default, starts sooner, zstd takes a"
            + " fourth less space."
      })
  private @Nullable Method compression;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it husk.toml beside the app, if there is one.")
  private @Nullable Path config;

  @Option(
      names = "--kubernetes",
      paramLabel = "FILE",
      description = {
        "Writes manifests, too: a Deployment of the container image and a VirtualMachine of"
            + " KubeVirt."
      })
  private @Nullable Path kubernetes;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = {
        "A TCP port that the app listens on, for manifests and 'husk image inspect --memory-floor'."
            + " May be repeated."
      })
  private List<Integer> ports = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "[LABEL:]PATH",
      description = {
        "A directory of the image, such as /app/data, whose files outlive the guest or the"
            + " container. A guest has it on a disk of its own with an ext4 of that label (the"
            + " path's last name without one), which 'husk boot --data' makes; a container in a"
            + " volume. May be repeated."
      })
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--user",
      paramLabel = "UID[:GID]",
      description = {
        "Who the app runs as in a container, by number, such as 1000; it owns the app's files."
            + " Without it root."
      })
  private @Nullable String user;

  @Option(
      names = "--main",
      paramLabel = "CLASS",
      description = {
        "The app's main class. Without it the one that the first jar's manifest names, else its"
            + " only class with a main method."
      })
  private @Nullable String main;

  @Option(
      names = "--jvm-opt",
      paramLabel = "OPTION",
      description = {
        "An option of the JVM, such as --jvm-opt=-Xmx256m. May be repeated. Without one for the"
            + " heap it may take half of the memory."
      })
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
      names = "--keep-signatures",
      description = {
        "The kernel's modules keep their signatures, as Secure Boot needs it; the image starts"
            + " slower."
      })
  private boolean keepSignatures;

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
      description = "How long the app may take until it listens or ends (default: 60).")
  private @Nullable Integer trainLimit;

  @Option(
      names = "--agent",
      paramLabel = "JAR",
      description = "The agent that is linked in instead of the one built here.")
  private @Nullable Path agent;

  @Option(names = "--no-training", description = "Don't start the app; the image starts slower.")
  private boolean noTraining;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PackSettings settings = options().read();
    Path cache = Kernels.defaultCache();
    PackRequest request =
        settings.request(
            Path.of(System.getProperty("java.home")), Installation.agent(agent), cache);
    long start = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    try (PackProgress progress = new PackProgress()) {
      Image image = new Packer(request, progress).pack();
      for (PackSettings.Output output : settings.outputs()) {
        progress.step("writing " + output.path());
        new ImageWriter(image, settings.compression(), cache).write(output.format(), output.path());
      }
      if (settings.manifests() != null) {
        settings.manifests().write(image);
      }
    }
    for (PackSettings.Output output : settings.outputs()) {
      out.printf(
          "%s: %.1f MB, packed in %.1f s%n",
          output.path(), size(output.path()) / 1e6, (System.nanoTime() - start) / 1e9);
    }
    HeapSize.words(request.app().jvmOptions()).ifPresent(words -> out.println("heap: " + words));
    return 0;
  }

  private PackOptions options() {
    try {
      PackOptions options =
          new PackOptions(AppRequest.paths(app))
              .main(main)
              .jvmOptions(jvmOptions)
              .arguments(arguments)
              .files(files)
              .outputs(outputs, format)
              .compression(compression)
              .config(config)
              .manifests(kubernetes)
              .ports(ports)
              .data(data)
              .user(user)
              .modules(modules)
              .environment(environment)
              .kernel(kernel, kernelModules)
              .training(trainPaths, trainLimit);
      if (keepSignatures) {
        options.keepSignatures();
      }
      return noTraining ? options.withoutTraining() : options;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private static long size(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}

package dev.husk.image.pack;

import dev.husk.image.app.App;
import dev.husk.image.cache.Scratch;
import dev.husk.image.check.Check;
import dev.husk.image.check.ModuleNeed;
import dev.husk.image.check.Report;
import dev.husk.image.elf.Machine;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.init.InitPlan;
import dev.husk.image.kernel.Kernel;
import dev.husk.image.kernel.Kernels;
import dev.husk.image.link.RuntimeLinker;
import dev.husk.image.train.TrainedCaches;
import dev.husk.image.train.Trainer;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.Directories;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Packs an app: understands it, links a JDK for it, trains it, and lays out the root file system
 * that it boots into.
 */
public final class Packer {
  private static final String JAVA = "/java/bin/java";
  private static final String CACHE = "/aot/app.aot";

  /** Where options at run time rule the cache out, the JVM says so; stdout is the app's. */
  private static final List<String> CACHE_LOG =
      List.of("-Xlog:aot*=off,cds*=off:stdout", "-Xlog:aot*=warning,cds*=warning:stderr");

  /** In a guest there is nobody else who could read the JVM's counters from a file. */
  private static final String NO_COUNTERS = "-XX:-UsePerfData";

  /** What drives the devices that a machine may have. */
  private static final List<String> DRIVERS =
      List.of("virtio_mmio", "virtio_pci", "virtio_net", "virtio_rng", "button", "evdev");

  /** The file system of disks for data. */
  private static final String DATA_TYPE = "ext4";

  private final PackRequest request;
  private final Progress progress;

  /**
   * @param progress told of each step
   */
  public Packer(PackRequest request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  /**
   * Packs.
   *
   * @throws IOException if the app can't be packed, with what is to be done about it
   */
  public Image pack() throws IOException, InterruptedException {
    progress.step("reading the app");
    App app = App.of(request.app());
    Report report = Check.of(app, request.jdk());
    if (!report.errors().isEmpty()) {
      throw new IOException(report.errors().getFirst());
    }
    report.warnings().forEach(progress::note);

    progress.step("linking a JDK");
    RuntimeLinker.LinkedJdk linked =
        new RuntimeLinker(request.jdk(), request.huskJar(), request.cache().resolve("runtimes"))
            .link(modules(app, report));
    linked.notes().forEach(progress::note);
    FileTree runtime = new FileTree();
    Directories.read(linked.home(), "java", Times.CONSTANT, runtime);
    SystemFiles.add(linked.home(), report.systemLibraries(), runtime);
    Path system = Path.of("/");
    Path java = linked.home().resolve("bin/java");
    Stream.of(
            Locales.add(environment(), system, runtime),
            Fonts.add(request.more(), java, system, runtime))
        .filter(Objects::nonNull)
        .forEach(progress::note);

    FileTree all = new FileTree().putAll(app.files()).putAll(request.more());
    for (DataDirectory data : request.data()) {
      all.directory(data.path().substring(1), 0755);
    }
    FileTree files = User.openToGroup(all);
    if (request.user() != null) {
      request.user().addTo(files);
    }
    boolean trained = train(app, runtime, files);

    progress.step("taking a kernel");
    Kernel found = kernel();
    Kernel kernel =
        request.keepSignatures() ? found : new Kernel(found.file(), found.modules().unsigned());
    FileTree drivers = new FileTree();
    List<String> wanted = new ArrayList<>(DRIVERS);
    List<String> moreDisks = List.of();
    if (!request.data().isEmpty()) {
      wanted.addAll(Initramfs.DISKS);
      wanted.add(DATA_TYPE);
      moreDisks = Initramfs.modules(kernel, wanted, Initramfs.MORE_DISKS, drivers);
    }
    List<String> command = command(app, trained);
    List<String> inGuest = new ArrayList<>(command);
    inGuest.add(1, NO_COUNTERS); // Before the app's own options, which are stronger.
    InitPlan init =
        new InitPlan(
            null,
            Initramfs.modules(kernel, List.of(), wanted, drivers),
            inGuest,
            CompilerPriority.lowest(app.jvmOptions(), environment()),
            environment(),
            request.data(),
            moreDisks,
            "/" + App.DIRECTORY,
            "husk",
            true,
            true,
            InitPlan.GRACE_SECONDS);
    return new Image(
        app,
        report,
        runtime,
        files,
        kernel,
        drivers,
        init,
        command,
        environment(),
        request.ports(),
        request.data(),
        request.user(),
        request.commandLine());
  }

  private SortedSet<String> modules(App app, Report report) {
    SortedSet<String> modules = new TreeSet<>(request.modules());
    modules.addAll(OptionModules.of(app.jvmOptions(), environment()));
    modules.add("java.base");
    for (ModuleNeed need : report.modules()) {
      modules.add(need.module());
    }
    return modules;
  }

  /** Adds the AOT cache to the app's files; false where there is none. */
  private boolean train(App app, FileTree runtime, FileTree files)
      throws IOException, InterruptedException {
    PackRequest.Training training = request.training();
    if (training == null) {
      return false;
    }
    if (HeapSize.all(app.jvmOptions(), environment()).stream().anyMatch(Packer::debugs)) {
      progress.note(
          "no AOT cache, the image starts slower: a JVM with a debugger's agent takes none");
      return false;
    }
    progress.step("training the app");
    try (Scratch scratch = Scratch.directory("husk-training")) {
      List<String> main = new ArrayList<>(List.of(app.mainClass()));
      main.addAll(app.args());
      Trainer.Plan plan =
          new Trainer.Plan(
              scratch.path().resolve("root"),
              "/" + App.DIRECTORY,
              options(app),
              main,
              environment(),
              CACHE,
              training.paths(),
              training.command(),
              training.limit());
      FileTree tree = new FileTree().putAll(runtime).putAll(files).directory("aot", 0755);
      byte[] cache = trained(plan, tree);
      if (cache == null) {
        return false;
      }
      files.file(CACHE.substring(1), 0644, Content.of(cache));
      return true;
    }
  }

  /** It would refuse the cache at each start, in lines on the console. */
  private static boolean debugs(String option) {
    return option.startsWith("-agentlib:jdwp") || option.startsWith("-Xrunjdwp");
  }

  /** The AOT cache, of an earlier training if there was the same; null if it can't be made. */
  private byte @Nullable [] trained(Trainer.Plan plan, FileTree tree)
      throws IOException, InterruptedException {
    TrainedCaches caches = new TrainedCaches(request.cache().resolve("aot"));
    String key = TrainedCaches.key(tree, plan);
    byte[] known = key == null ? null : caches.find(key);
    if (known != null) {
      return known;
    }
    Directories.write(tree, plan.root());
    Path log = request.cache().resolve("training.log");
    Trainer.Outcome outcome = new Trainer(request.jdk()).train(plan, log);
    if (outcome.failure() != null) {
      progress.note(
          "%s: %s; what the app printed: %s"
              .formatted(
                  outcome.cache()
                      ? "the training saw a run that failed"
                      : "no AOT cache, the image starts slower",
                  outcome.failure(),
                  log));
    }
    if (!outcome.cache()) {
      return null;
    }
    byte[] cache = Files.readAllBytes(plan.root().resolve(CACHE.substring(1)));
    if (key != null && outcome.failure() == null) { // The next run may go well.
      caches.keep(key, cache);
    }
    return cache;
  }

  private SortedMap<String, String> environment() {
    String home = request.user() == null ? User.HOME_OF_ROOT : request.user().home();
    SortedMap<String, String> environment =
        new TreeMap<>(
            Map.of("HOME", home, "LANG", "C.UTF-8", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
    environment.putAll(request.environment());
    return environment;
  }

  private static List<String> options(App app) {
    List<String> options = new ArrayList<>(app.jvmOptions());
    List<String> classPath = new ArrayList<>();
    for (String path : app.classPath()) {
      classPath.add("/" + path);
    }
    options.add("-cp");
    options.add(String.join(":", classPath));
    return options;
  }

  private static List<String> command(App app, boolean trained) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    if (trained) {
      command.add("-XX:AOTCache=" + CACHE);
      command.addAll(CACHE_LOG);
    }
    command.addAll(options(app));
    command.add(app.mainClass());
    command.addAll(app.args());
    return command;
  }

  private Kernel kernel() throws IOException {
    Kernels kernels = new Kernels(request.cache());
    Path file = request.kernel();
    Path modules = request.kernelModules();
    if (file == null) {
      return kernels.best(Machine.X86_64);
    }
    return modules == null ? kernels.of(file) : kernels.of(file, modules);
  }
}

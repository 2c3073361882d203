package dev.husk.image.config;

import dev.husk.image.app.AppRequest;
import dev.husk.image.config.PackSettings.Output;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.pack.Format;
import dev.husk.image.pack.HeapSize;
import dev.husk.image.pack.PackRequest;
import dev.husk.image.pack.User;
import dev.husk.image.squashfs.Method;
import dev.husk.image.tree.Directories;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a command line says of a pack; all but the app is optional. {@link #read} puts {@code
 * husk.toml} below it.
 */
public final class PackOptions {
  private static final int TRAIN_SECONDS = 60;

  private final List<Path> app;
  private @Nullable String main;
  private List<String> jvmOptions = List.of();
  private List<String> arguments = List.of();
  private List<Path> files = List.of();
  private List<Path> outputs = List.of();
  private @Nullable Format format;
  private @Nullable Method compression;
  private @Nullable Path config;
  private @Nullable Path manifests;
  private List<Integer> ports = List.of();
  private List<DataDirectory> data = List.of();
  private @Nullable User user;
  private List<String> modules = List.of();
  private Map<String, String> environment = Map.of();
  private @Nullable Path kernel;
  private @Nullable Path kernelModules;
  private boolean keepSignatures;
  private boolean training = true;
  private List<String> trainPaths = List.of();
  private @Nullable Integer trainLimit;

  /**
   * @param app a jar, war or directory, or a class path
   */
  public PackOptions(List<Path> app) {
    this.app = List.copyOf(app);
  }

  /** The main class; without it husk.toml's, else the app's own. */
  public PackOptions main(@Nullable String name) {
    main = name;
    return this;
  }

  /** Options of the JVM, after those of husk.toml; its heap has a share of memory without them. */
  public PackOptions jvmOptions(List<String> options) {
    jvmOptions = List.copyOf(options);
    return this;
  }

  /** Arguments of the app; without any those of husk.toml. */
  public PackOptions arguments(List<String> words) {
    arguments = List.copyOf(words);
    return this;
  }

  /** Files and directories for the app's working directory. */
  public PackOptions files(List<Path> paths) {
    files = List.copyOf(paths);
    return this;
  }

  /**
   * Where the image goes.
   *
   * @param as the format of the only path, or null where names decide
   * @throws IllegalArgumentException if there is a format for more than one path
   */
  public PackOptions outputs(List<Path> paths, @Nullable Format as) {
    if (as != null && paths.size() > 1) {
      throw new IllegalArgumentException(
          "--format says what one output is; of several the names decide");
    }
    outputs = List.copyOf(paths);
    format = as;
    return this;
  }

  /** Of the root file system of a machine; null for that of husk.toml, else LZ4. */
  public PackOptions compression(@Nullable Method method) {
    compression = method;
    return this;
  }

  /** The configuration; without it husk.toml beside the app, if there is one. */
  public PackOptions config(@Nullable Path file) {
    config = file;
    return this;
  }

  /** Where manifests for Kubernetes go, or null for none. */
  public PackOptions manifests(@Nullable Path file) {
    manifests = file;
    return this;
  }

  /** TCP ports that the app listens on, besides those of husk.toml. */
  public PackOptions ports(List<Integer> numbers) {
    ports = List.copyOf(numbers);
    return this;
  }

  /**
   * Directories whose files outlive the guest or the container, {@code PATH} or {@code LABEL:PATH},
   * besides those of husk.toml.
   *
   * @throws IllegalArgumentException if one isn't
   */
  public PackOptions data(List<String> directories) {
    data = directories.stream().map(DataDirectory::parse).toList();
    return this;
  }

  /**
   * Who the app runs as in containers, by number: {@code UID} or {@code UID:GID}. Without it
   * husk.toml's, else root.
   *
   * @throws IllegalArgumentException if it is nobody
   */
  public PackOptions user(@Nullable String text) {
    user = text == null ? null : User.parse(text);
    return this;
  }

  /** Modules of the JDK, besides those that are found and those of husk.toml. */
  public PackOptions modules(List<String> names) {
    modules = List.copyOf(names);
    return this;
  }

  /** Variables of the app, over those of husk.toml. */
  public PackOptions environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /**
   * The kernel.
   *
   * @param file of the kernel, a Debian package of one, or null for the best that can be found
   * @param itsModules the directory of its modules, or null where they lie beside it
   */
  public PackOptions kernel(@Nullable Path file, @Nullable Path itsModules) {
    kernel = file;
    kernelModules = itsModules;
    return this;
  }

  /** Keeps the signatures of the kernel's modules, also where husk.toml doesn't say so. */
  public PackOptions keepSignatures() {
    keepSignatures = true;
    return this;
  }

  /** Leaves the training out: the image starts slower. */
  public PackOptions withoutTraining() {
    training = false;
    return this;
  }

  /**
   * How the app is trained.
   *
   * @param paths asked for by HTTP, before the one of husk.toml
   * @param limit seconds until the app listens or ends; null for those of husk.toml, else 60
   * @throws IllegalArgumentException if there is no such time
   */
  public PackOptions training(List<String> paths, @Nullable Integer limit) {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException(
          "--train-limit=" + limit + ": give a number of seconds from 1 on");
    }
    trainPaths = List.copyOf(paths);
    trainLimit = limit;
    return this;
  }

  /**
   * Reads husk.toml, if there is one, and puts all together.
   *
   * @throws ConfigException if husk.toml can't be understood
   * @throws IOException if it, or a file that it names, can't be read
   */
  public PackSettings read() throws IOException {
    HuskToml toml = toml();
    SortedMap<String, String> variables = environment(toml);
    Method method = compression == null ? toml.compression() : compression;
    List<Output> written = new ArrayList<>();
    for (Path path : outputs) {
      written.add(new Output(path, format == null ? Format.of(path) : format));
    }
    return new PackSettings(
        new AppRequest(
            app,
            main == null ? toml.main() : main,
            HeapSize.in(both(toml.jvmOptions(), jvmOptions), variables),
            arguments.isEmpty() ? toml.arguments() : arguments,
            files),
        kernel,
        kernelModules,
        keepSignatures || toml.keepSignatures(),
        set(toml.modules(), modules),
        variables,
        include(toml),
        set(toml.ports(), ports),
        distinct(both(toml.data(), data)),
        user == null ? toml.user() : user,
        words(toml.net()),
        training ? training(toml.train()) : null,
        method == null ? Method.LZ4 : method,
        written,
        manifests == null ? null : new ManifestFile(manifests, toml));
  }

  /** Refuses what can't be told apart. */
  private static List<DataDirectory> distinct(List<DataDirectory> all) throws ConfigException {
    Set<String> seen = new HashSet<>();
    for (DataDirectory directory : all) {
      if (!seen.add("label " + directory.label()) || !seen.add("path " + directory.path())) {
        throw new ConfigException(
            "data: "
                + directory
                + " has the label or the path of another; LABEL:PATH gives it a label of its own");
      }
    }
    return all;
  }

  private HuskToml toml() throws IOException {
    if (config != null) {
      return HuskToml.read(config);
    }
    Path beside = directory(first()).resolve("husk.toml");
    return Files.isRegularFile(beside) ? HuskToml.read(beside) : HuskToml.EMPTY;
  }

  private Path first() {
    return app.isEmpty() ? Path.of("") : app.getFirst();
  }

  private static Path directory(Path path) {
    return Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static <T> SortedSet<T> set(List<T> first, List<T> second) {
    return new TreeSet<>(both(first, second));
  }

  private SortedMap<String, String> environment(HuskToml toml) {
    SortedMap<String, String> all = new TreeMap<>(toml.environment());
    all.putAll(environment);
    return all;
  }

  private FileTree include(HuskToml toml) throws IOException {
    FileTree tree = new FileTree();
    Path directory = directory(config == null ? first() : config);
    for (HuskToml.Include include : toml.include()) {
      Path from = directory.resolve(include.host());
      if (!Files.exists(from)) {
        throw new ConfigException("include in husk.toml: " + from + " isn't there");
      }
      // A link is what it leads to: that isn't in the image by the same name.
      Directories.read(from.toRealPath(), include.path(), Times.OWN, tree);
    }
    return tree;
  }

  /** What the guest's kernel is told of the network. */
  private static List<String> words(HuskToml.Net net) {
    List<String> words = new ArrayList<>();
    if (net.address() != null) {
      words.add("husk.ip=" + net.address());
    }
    if (net.gateway() != null) {
      words.add("husk.gateway=" + net.gateway());
    }
    if (!net.dns().isEmpty()) {
      words.add("husk.dns=" + String.join(",", net.dns()));
    }
    return words;
  }

  private PackRequest.Training training(HuskToml.Train train) {
    List<String> paths = new ArrayList<>(trainPaths);
    if (train.url() != null) {
      paths.add(train.url());
    }
    Integer seconds = trainLimit == null ? train.seconds() : trainLimit;
    return new PackRequest.Training(
        paths.isEmpty() ? List.of("/") : paths,
        train.command(),
        Duration.ofSeconds(seconds == null ? TRAIN_SECONDS : seconds));
  }
}

package dev.husk.cli;

import dev.husk.image.look.ImageFiles;
import dev.husk.image.look.TreeDiff;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code husk image}. */
@Command(
    name = "image",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {"Looks into images that 'husk pack' wrote, and into container images.", ""},
    footer = {
      "",
      "  husk image ls app.img java/lib       what is in a directory of it",
      "  husk image cat app.img etc/hosts     one of its files",
      "  husk image tree app.img --depth 3    what takes how much room",
      "  husk image inspect app.img           what the whole is made of",
      "  husk image inspect --memory-floor app.img",
      "                                       the smallest memory that it serves in, measured",
      "  husk image diff old.img new.img      what changed; the exit status is 1 where anything did"
    })
final class ImageCommand implements Runnable {
  private static final int DEFAULT_DEPTH = 2;
  private static final int LARGEST = 10;
  private static final int DEFAULT_LIMIT = 60;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String SMALLEST = "smallest memory";

  @Spec private CommandSpec spec;

  /** The image that a command looks into. */
  static final class Opened {
    @Parameters(index = "0", paramLabel = "IMAGE", description = "The image.")
    private Path path;

    ImageFiles open() throws IOException {
      return ImageFiles.open(path);
    }

    Node find(ImageFiles files, String inside) {
      Node node = files.root().get(inside);
      if (node == null) {
        throw new CommandFailure("there is no " + inside + " in " + path);
      }
      return node;
    }
  }

  /** {@code husk image} alone teaches. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "ls",
      mixinStandardHelpOptions = true,
      description = "Lists a directory of an image, or one of its files; times are in UTC.")
  int list(
      @Mixin Opened image,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "PATH",
              description = "A path in it; without one the root.")
          @Nullable String path,
      @Option(
              names = {"-R", "--recursive"},
              description = "All below it, too.")
          boolean recursive)
      throws IOException {
    try (ImageFiles files = image.open()) {
      String at = inside(path);
      Node node = at.isEmpty() ? null : image.find(files, at);
      if (node != null && !(node instanceof Node.Directory)) {
        print(at, node);
        return 0;
      }
      String prefix = at.isEmpty() ? "" : at + "/";
      for (Map.Entry<String, Node> entry : files.root().nodes().entrySet()) {
        String name = entry.getKey();
        if (name.startsWith(prefix) && (recursive || name.indexOf('/', prefix.length()) < 0)) {
          print(name, entry.getValue());
        }
      }
    }
    return 0;
  }

  @Command(
      name = "cat",
      mixinStandardHelpOptions = true,
      description = "Writes a file of an image to standard output.")
  int cat(
      @Mixin Opened image,
      @Parameters(index = "1", paramLabel = "PATH", description = "A path in it.") String path)
      throws IOException {
    try (ImageFiles files = image.open()) {
      if (!(image.find(files, inside(path)) instanceof Node.RegularFile file)) {
        throw new CommandFailure(path + " in " + image.path + " is not a file");
      }
      out().flush();
      try (InputStream in = file.content().open()) {
        in.transferTo(System.out);
      }
      System.out.flush();
    }
    return 0;
  }

  @Command(
      name = "tree",
      mixinStandardHelpOptions = true,
      description = "Shows the directories of an image and how much is in each.")
  int tree(
      @Mixin Opened image,
      @Option(
              names = "--depth",
              paramLabel = "N",
              description = "How many levels are shown (default: 2).")
          @Nullable Integer depth)
      throws IOException {
    int levels = depth == null ? DEFAULT_DEPTH : depth;
    try (ImageFiles files = image.open()) {
      Map<String, Long> sizes = new TreeMap<>();
      sizes.put("", 0L);
      for (Map.Entry<String, Node> entry : files.root().nodes().entrySet()) {
        if (entry.getValue() instanceof Node.Directory) {
          sizes.putIfAbsent(entry.getKey() + "/", 0L);
        }
        long size = size(entry.getValue());
        String path = entry.getKey();
        for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/')) {
          path = path.substring(0, slash);
          sizes.merge(path + "/", size, Long::sum);
        }
        sizes.merge("", size, Long::sum);
      }
      for (Map.Entry<String, Long> entry : sizes.entrySet()) {
        String path = entry.getKey();
        long level = path.chars().filter(c -> c == '/').count();
        if (level <= levels) {
          String name = path.isEmpty() ? "/" : path.replaceFirst("^(.*/)?([^/]+/)$", "$2");
          out().printf("%10s  %s%s%n", megabytes(entry.getValue()), "  ".repeat((int) level), name);
        }
      }
    }
    return 0;
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "Says what an image is made of: format, kernel, sizes, the packer's manifest.")
  int inspect(
      @Mixin Opened image,
      @Option(
              names = "--memory-floor",
              description = {
                "Measures the smallest memory that the image serves in, from 64 to 512 MB: boots it"
                    + " under QEMU some seven times. It serves where its port answers an HTTP"
                    + " request or, without a port, where the app ends as it does in 512 MB."
              })
          boolean memoryFloor,
      @Option(
              names = "--port",
              paramLabel = "N",
              description =
                  "The port that --memory-floor asks; without it the first of the manifest's.")
          @Nullable Integer port,
      @Option(
              names = "--limit",
              paramLabel = "SECONDS",
              description = "How long each guest of --memory-floor has (default: 60).")
          @Nullable Integer limit)
      throws IOException, InterruptedException {
    checkFloor(memoryFloor, port, limit);
    try (ImageFiles files = image.open()) {
      Map<String, String> facts = new LinkedHashMap<>(files.facts());
      facts.put("root", megabytes(files.root().size()));
      if (memoryFloor) {
        facts.put(
            SMALLEST,
            new FloorMeasurement(
                    image.path,
                    port,
                    limit == null ? DEFAULT_LIMIT : limit,
                    spec.commandLine().getErr())
                .measure());
      }
      String line = memoryFloor ? "%-" + (SMALLEST.length() + 1) + "s %s%n" : "%-14s %s%n";
      facts.forEach((name, value) -> out().printf(line, name, value));
      out().printf("%nLargest files%n");
      files.root().nodes().entrySet().stream()
          .sorted(
              Comparator.comparingLong((Map.Entry<String, Node> entry) -> -size(entry.getValue())))
          .limit(LARGEST)
          .forEach(
              entry ->
                  out().printf("%10s  %s%n", megabytes(size(entry.getValue())), entry.getKey()));
      files.manifest().ifPresent(json -> out().printf("%nManifest%n%s%n", json.strip()));
    }
    return 0;
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "Shows what differs between the files of two images.")
  int diff(
      @Parameters(paramLabel = "OLD", description = "An image.") Path old,
      @Parameters(paramLabel = "NEW", description = "Another image.") Path next)
      throws IOException {
    try (ImageFiles before = ImageFiles.open(old);
        ImageFiles after = ImageFiles.open(next)) {
      List<TreeDiff.Difference> differences = TreeDiff.between(before.root(), after.root());
      for (TreeDiff.Difference difference : differences) {
        switch (difference.kind()) {
          case ADDED ->
              out().printf("+ %s  %s%n", difference.path(), megabytes(difference.after()));
          case REMOVED ->
              out().printf("- %s  %s%n", difference.path(), megabytes(difference.before()));
          case CHANGED ->
              out()
                  .printf(
                      "~ %s  %s to %s%n",
                      difference.path(),
                      megabytes(difference.before()),
                      megabytes(difference.after()));
        }
      }
      return differences.isEmpty() ? 0 : 1;
    }
  }

  private void checkFloor(boolean wanted, @Nullable Integer port, @Nullable Integer limit) {
    CommandLine line = spec.subcommands().get("inspect");
    if (!wanted && (port != null || limit != null)) {
      String option = port != null ? "--port" : "--limit";
      throw new ParameterException(line, option + " is for --memory-floor");
    }
    if (port != null && (port < 1 || port > 65535)) {
      throw new ParameterException(line, "--port=" + port + " is no port: 1 to 65535");
    }
    if (limit != null && limit < 1) {
      throw new ParameterException(
          line, "--limit=" + limit + ": give a number of seconds from 1 on");
    }
  }

  private void print(String path, Node node) {
    String what =
        switch (node) {
          case Node.Directory directory -> "d";
          case Node.RegularFile file -> "-";
          case Node.Symlink link -> "l";
          case Node.Device device -> device.block() ? "b" : "c";
        };
    String target = node instanceof Node.Symlink link ? " -> " + link.target() : "";
    String time =
        node instanceof Node.RegularFile file
            ? TIME.format(Instant.ofEpochSecond(file.time()))
            : "";
    out().printf("%s %04o %10d  %-19s  %s%s%n", what, node.mode(), size(node), time, path, target);
  }

  /** A path as the tree has it, however it was written. */
  private static String inside(@Nullable String path) {
    return path == null ? "" : path.replaceAll("/+", "/").replaceAll("^(\\./|/)|/$", "");
  }

  private static long size(Node node) {
    return node instanceof Node.RegularFile file ? file.content().size() : 0;
  }

  private static String megabytes(long bytes) {
    return bytes < 100_000 ? bytes + " B" : "%.1f MB".formatted(bytes / 1e6);
  }
}

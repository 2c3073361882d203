package dev.husk.image.link;

import dev.husk.image.cache.Cache;
import dev.husk.image.cache.Scratch;
import dev.husk.image.cache.Seal;
import dev.husk.image.elf.StaticSymbols;
import dev.husk.image.tree.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes a private JDK: some modules of a JDK 25, with Husk's seams in their classes and Husk's
 * runtime in {@code java.base}. Takes some ten seconds, so a cache keeps each by what went into it.
 * One that is damaged is made anew.
 */
public final class RuntimeLinker {
  /** A file in the home of each linked JDK: what differs from the plan, a line each. */
  public static final String NOTES = "husk-notes";

  private static final List<String> EXPORTS =
      List.of("jdk.jlink/jdk.tools.jlink.plugin", "jdk.jlink/jdk.tools.jlink.internal");

  private static final List<String> UNUSED =
      List.of("lib/classlist", "lib/jexec", "lib/libjsig.so", "lib/server/libjsig.so");

  /**
   * By which a JDK is looked into from outside; and from within by compilers that take the running
   * one for any other, such as Kotlin's and Eclipse's. The API of compilers tells of these.
   */
  private static final String READER = "lib/jrt-fs.jar";

  /** {@code release} has the names of all modules, one space between two. */
  private static final Pattern COMPILERS = Pattern.compile("[ \"]java\\.compiler[ \"]");

  /** The JDK in an entry of the cache, beside its seal. */
  private static final String HOME = "jdk";

  private final Path jdk;
  private final Path huskJar;
  private final Path cache;

  /**
   * @param jdk the home of the JDK that is linked
   * @param huskJar husk.jar
   * @param cache a directory of its own, made when it's needed
   */
  public RuntimeLinker(Path jdk, Path huskJar, Path cache) {
    this.jdk = jdk;
    this.huskJar = huskJar;
    this.cache = cache;
  }

  /**
   * A linked JDK.
   *
   * @param home its home; shared, so it must not be changed
   * @param notes what differs from the plan: sites that were left alone, groups that are off
   */
  public record LinkedJdk(Path home, List<String> notes) {}

  /**
   * Links, or takes what an earlier call has linked.
   *
   * @param modules the root modules; those that they need come along
   * @throws IOException if it fails, with what {@code jlink} said
   */
  public LinkedJdk link(SortedSet<String> modules) throws IOException, InterruptedException {
    Path entry = cache.resolve(key(modules));
    if (Seal.holds(entry)) {
      Cache.used(entry);
      return linked(entry);
    }
    Files.createDirectories(cache);
    Cache.prune(cache);
    try (Scratch scratch = Scratch.directory(cache, "linking")) {
      Path fresh = Files.createDirectory(scratch.path().resolve("entry"));
      Path home = fresh.resolve(HOME);
      List<String> said = run(modules, home);
      strip(home);
      Files.write(home.resolve(NOTES), said);
      Seal.set(fresh);
      if (Files.exists(entry) && !Seal.holds(entry)) {
        Cache.delete(entry);
      }
      try {
        Files.move(fresh, entry);
      } catch (IOException e) {
        if (!Seal.holds(entry)) {
          throw e;
        }
        // Another process was sooner with the same.
      }
      return linked(entry);
    }
  }

  private static LinkedJdk linked(Path entry) throws IOException {
    Path home = entry.resolve(HOME);
    return new LinkedJdk(home, Files.readAllLines(home.resolve(NOTES)));
  }

  private List<String> run(SortedSet<String> modules, Path to)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--add-modules");
    command.add("jdk.jlink");
    for (String export : EXPORTS) {
      command.add("--add-exports");
      command.add(export + "=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(JlinkMain.class.getName());
    command.add(huskJar.toString());
    command.addAll(
        List.of(
            "--add-modules",
            String.join(",", modules),
            "--output",
            to.toString(),
            "--no-header-files",
            "--no-man-pages",
            // Of a tool that isn't there; who calls its class gets English words.
            "--exclude-resources=/java.base/sun/security/tools/keytool/resources/keytool_*",
            "--vm=server"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    List<String> said = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line; (line = out.readLine()) != null; ) {
        said.add(line);
      }
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(
          "linking the JDK failed with status " + status + ": " + String.join("; ", said));
    }
    said.removeIf(line -> !line.startsWith("left alone: ") && !line.startsWith("off: "));
    return said;
  }

  /** What nothing in an image uses: the tools but java, and what only a JDK's makers need. */
  private static void strip(Path home) throws IOException {
    try (Stream<Path> tools = Files.list(home.resolve("bin"))) {
      for (Path tool : tools.toList()) {
        if (!tool.endsWith("java")) {
          Files.delete(tool);
        }
      }
    }
    for (String name : UNUSED) {
      Files.deleteIfExists(home.resolve(name));
    }
    if (!COMPILERS.matcher(Files.readString(home.resolve("release"))).find()) {
      Files.deleteIfExists(home.resolve(READER));
    }
    try (Stream<Path> all = Files.walk(home.resolve("lib"))) {
      for (Path library : all.filter(path -> path.toString().endsWith(".so")).toList()) {
        Files.write(library, StaticSymbols.removed(Files.readAllBytes(library)));
      }
    }
  }

  /** A digest of all that the result depends on. */
  private String key(SortedSet<String> modules) throws IOException {
    MessageDigest digest = Sha256.begin();
    add(digest, String.join(",", modules));
    add(digest, Files.readString(jdk.resolve("release")));
    Path image = jdk.resolve("lib/modules");
    add(digest, Files.size(image) + " " + Files.getLastModifiedTime(image));
    digest.update(Files.readAllBytes(huskJar));
    for (Path own : own()) {
      digest.update(Files.readAllBytes(own));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  /** The jar of this room, or those of its class files that decide what comes out. */
  private static List<Path> own() throws IOException {
    Path source;
    try {
      source =
          Path.of(RuntimeLinker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("where Husk's classes are can't be told", e);
    }
    if (Files.isRegularFile(source)) {
      return List.of(source);
    }
    List<Path> files = new ArrayList<>();
    for (String room : List.of("elf", "guest", "link")) {
      try (Stream<Path> all = Files.list(source.resolve("dev/husk/image").resolve(room))) {
        files.addAll(all.sorted().toList());
      }
    }
    return files;
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}

package dev.husk.image.kernel;

import dev.husk.image.cache.Seal;
import dev.husk.image.elf.Machine;
import dev.husk.image.tree.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where kernels are found: a file that the user names, what is installed on this machine or was
 * downloaded before, and else Debian's package for virtual machines, through apt. Of several, a
 * "cloud" kernel, which is smaller and starts faster, is taken before others, and the newest.
 *
 * <p>Packages are unpacked into the cache, under the digest of the package, once; and anew where
 * that is damaged.
 */
public final class Kernels {
  private static final String PACKAGES = "kernels";

  private static final Comparator<KernelFile> PREFERENCE =
      Comparator.comparing((KernelFile kernel) -> kernel.version().contains("cloud"))
          .thenComparing(KernelFile::version, new VersionOrder());

  private final Path root;
  private final Path cache;
  private final Apt apt;

  /**
   * Looks at this machine.
   *
   * @param cache a directory, made when it is needed: {@link #defaultCache}
   */
  public Kernels(Path cache) {
    this(Path.of("/"), cache, new Apt(Map.of()));
  }

  Kernels(Path root, Path cache, Apt apt) {
    this.root = root;
    this.cache = cache;
    this.apt = apt;
  }

  /** Where this user's cache is (XDG Base Directory Specification): {@code ~/.cache/husk}. */
  public static Path defaultCache() {
    String home = System.getenv("XDG_CACHE_HOME");
    Path base =
        home == null || home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(home);
    return base.resolve("husk");
  }

  /**
   * The kernel that the user names: a Debian package, or a kernel with its modules in
   * lib/modules/VERSION beside it, one directory above, or on this machine.
   *
   * @throws IOException if it is neither, or broken, or its modules aren't found
   */
  public Kernel of(Path file) throws IOException {
    if (Files.isReadable(file) && Files.isRegularFile(file) && isPackage(file)) {
      return fromPackage(file);
    }
    KernelFile kernel = KernelFile.of(file);
    List<Path> places = new ArrayList<>();
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      places.add(directory);
      if (directory.getParent() != null) {
        places.add(directory.getParent());
      }
    }
    places.add(root);
    return with(kernel, places);
  }

  /**
   * The kernel that the user names, with its modules.
   *
   * @param modules the directory VERSION with the modules of this kernel, or one that holds it by
   *     that name or in lib/modules
   * @throws IOException if one of them isn't what it should be, or is broken
   */
  public Kernel of(Path file, Path modules) throws IOException {
    return with(KernelFile.of(file), List.of(modules.toAbsolutePath()));
  }

  /**
   * The best kernel of this machine: installed, in the cache, or downloaded.
   *
   * @throws IOException if there is none, with all that was tried and what to do
   */
  public Kernel best(Machine machine) throws IOException {
    List<String> tried = new ArrayList<>();
    Optional<Kernel> here = find(machine, tried);
    if (here.isPresent()) {
      return here.get();
    }
    try {
      return download(machine);
    } catch (IOException e) {
      tried.add(e.getMessage());
      throw new IOException(
          """
          no Linux kernel for %s found:
            %s
          Name one by --kernel FILE: a vmlinuz with lib/modules/VERSION beside it, or the file of \
          the package that Debian's %s depends on.\
          """
              .formatted(machine, String.join("\n  ", tried), debianPackage(machine)),
          e);
    }
  }

  /** The best kernel that is installed or in the cache. */
  public Optional<Kernel> find(Machine machine) throws IOException {
    return find(machine, new ArrayList<>());
  }

  /**
   * Downloads Debian's newest kernel for virtual machines into the cache, by apt-get.
   *
   * @throws IOException if that fails
   */
  public Kernel download(Machine machine) throws IOException {
    Path packages = Files.createDirectories(cache.resolve(PACKAGES));
    Path work = Files.createTempDirectory(packages, ".download");
    try {
      return fromPackage(apt.downloadKernel(debianPackage(machine), work));
    } finally {
      Directories.delete(work);
    }
  }

  private static String debianPackage(Machine machine) {
    return switch (machine) {
      case X86_64 -> "linux-image-cloud-amd64";
      case AARCH64 -> "linux-image-cloud-arm64";
    };
  }

  private Optional<Kernel> find(Machine machine, List<String> tried) throws IOException {
    List<Path> roots = new ArrayList<>(List.of(root));
    roots.addAll(Directories.list(cache.resolve(PACKAGES), "[!.]*"));
    record Candidate(KernelFile file, Path root) {}
    List<Candidate> candidates = new ArrayList<>();
    for (Path place : roots) {
      for (Path file : files(place)) {
        try {
          candidates.add(new Candidate(KernelFile.of(file), place));
        } catch (IOException e) {
          tried.add(e.getMessage());
        }
      }
    }
    candidates.removeIf(candidate -> candidate.file.machine() != machine);
    candidates.sort(Comparator.comparing(Candidate::file, PREFERENCE).reversed());
    for (Candidate candidate : candidates) {
      if (!candidate.root.equals(root) && !Seal.holds(candidate.root)) {
        tried.add(candidate.file.name() + ": damaged since it was unpacked");
        continue;
      }
      try {
        return Optional.of(with(candidate.file, List.of(candidate.root)));
      } catch (IOException e) {
        tried.add(e.getMessage());
      }
    }
    tried.add("no other in %s or %s".formatted(root.resolve("boot"), cache.resolve(PACKAGES)));
    return Optional.empty();
  }

  /** The kernels of a root: Debian keeps them in /boot, others beside their modules. */
  private static List<Path> files(Path root) throws IOException {
    List<Path> files = new ArrayList<>(Directories.list(root.resolve("boot"), "vmlinuz-*"));
    for (Path modules : Directories.list(root.resolve("lib/modules"), "*")) {
      files.addAll(Directories.list(modules, "vmlinuz"));
    }
    return files;
  }

  /** A kernel with the modules of its version, from the first of these places that has them. */
  private static Kernel with(KernelFile kernel, List<Path> places) throws IOException {
    String version = kernel.version();
    for (Path place : places) {
      if (place.endsWith(version) && Files.isDirectory(place)) {
        return new Kernel(kernel, KernelModules.of(place));
      }
      for (String parent : List.of("", "lib/modules", "usr/lib/modules")) {
        Path modules = place.resolve(parent).resolve(version);
        if (Files.isDirectory(modules)) {
          return new Kernel(kernel, KernelModules.of(modules));
        }
      }
    }
    throw new IOException(
        "%s: its modules are missing: no %s or lib/modules/%s in %s"
            .formatted(
                kernel.name(),
                version,
                version,
                String.join(", ", places.stream().map(Path::toString).toList())));
  }

  private static boolean isPackage(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return DebianPackage.begins(in.readNBytes(8));
    }
  }

  private Kernel fromPackage(Path deb) throws IOException {
    Path unpacked = unpack(deb);
    return with(KernelFile.of(files(unpacked).getFirst()), List.of(unpacked));
  }

  private Path unpack(Path deb) throws IOException {
    Path packages = Files.createDirectories(cache.resolve(PACKAGES));
    Path unpacked = packages.resolve(digest(deb));
    if (Seal.holds(unpacked)) {
      return unpacked;
    }
    Path work = Files.createTempDirectory(packages, ".unpack");
    try {
      DebianPackage.extract(deb, work);
      if (files(work).isEmpty()) {
        throw new IOException(deb + ": a package without a kernel");
      }
      for (Path modules : Directories.list(work.resolve("lib/modules"), "*")) {
        // The package leaves that to depmod, after it is installed.
        ModuleIndex.of(modules).write(modules);
      }
      Seal.set(work);
      if (Files.exists(unpacked) && !Seal.holds(unpacked)) {
        Directories.delete(unpacked);
      }
      Files.move(work, unpacked, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Another process may have been faster.
      if (!Seal.holds(unpacked)) {
        throw e;
      }
    } finally {
      Directories.delete(work);
    }
    return unpacked;
  }

  private static String digest(Path file) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        DigestInputStream in = new DigestInputStream(raw, Sha256.begin())) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
  }
}

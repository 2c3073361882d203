package dev.husk.image.kernel;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A Debian binary package (deb(5)) with a kernel in it. */
final class DebianPackage {
  private static final String DATA = "data.tar";
  // A generic kernel of today has 5,000 files and 400 MB.
  private static final int MOST_FILES = 100_000;
  private static final long MOST_BYTES = 4L << 30;

  private DebianPackage() {}

  /** Tells whether a file with this begin may be one. */
  static boolean begins(byte[] head) {
    return ArArchiveInputStream.matches(head, head.length);
  }

  /**
   * Takes the kernels out, as {@code boot/vmlinuz-VERSION}, and their modules, as {@code
   * lib/modules/VERSION}.
   *
   * @param root a directory, which may hold a part when this fails
   * @throws IOException if it isn't a package, or is broken, or compressed in a way that isn't
   *     supported
   */
  static void extract(Path deb, Path root) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(deb));
        ArArchiveInputStream ar = new ArArchiveInputStream(file)) {
      ArArchiveEntry entry;
      while ((entry = ar.getNextEntry()) != null) {
        if (entry.getName().startsWith(DATA)) {
          extractData(ar, root);
          return;
        }
      }
      throw new IOException("not a Debian package: there is no " + DATA + " in it");
    } catch (IOException e) {
      throw new IOException(deb + ": " + e.getMessage(), e);
    }
  }

  private static void extractData(InputStream data, Path root) throws IOException {
    InputStream raw = new BufferedInputStream(data);
    raw.mark(Compression.MAGIC);
    Compression compression = Compression.of(raw.readNBytes(Compression.MAGIC));
    raw.reset();
    int files = 0;
    long bytes = 0;
    try (TarArchiveInputStream tar = new TarArchiveInputStream(compression.open(raw))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        Optional<Path> target = target(entry, root);
        if (target.isPresent()) {
          bytes += Math.max(entry.getSize(), entry.getRealSize());
          if (++files > MOST_FILES || bytes > MOST_BYTES) {
            throw new IOException("larger than any kernel");
          }
          Files.createDirectories(target.get().getParent());
          Files.copy(tar, target.get());
        }
      }
    }
  }

  /** Where a file goes that we want. */
  private static Optional<Path> target(TarArchiveEntry entry, Path root) throws IOException {
    String name = entry.getName().replaceFirst("^(\\./|/)*(usr/)?", "");
    boolean regular =
        entry.getLinkFlag() == TarConstants.LF_NORMAL
            || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    if (!regular || !(name.startsWith("boot/vmlinuz-") || name.startsWith("lib/modules/"))) {
      return Optional.empty();
    }
    try {
      for (Path part : Path.of(name)) {
        if (part.toString().equals("..")) {
          throw new IOException("a file leads out of the package: " + name);
        }
      }
      return Optional.of(root.resolve(name));
    } catch (InvalidPathException e) {
      throw new IOException("a file has no name for this system: " + name, e);
    }
  }
}

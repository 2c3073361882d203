package dev.husk.image.boot;

import dev.husk.image.cache.Scratch;
import dev.husk.image.init.DataDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that is a guest's disk for data. Where it is missing it is made: sparse, with an ext4 of
 * the label that the guest's init looks for.
 *
 * @param file the disk
 * @param bytes how large it is made; a multiple of a megabyte
 */
public record DataDisk(Path file, long bytes) {
  private static final int MEGABYTE = 1 << 20;
  private static final int LEAST_MEGABYTES = 8;
  private static final int DEFAULT_MEGABYTES = 1024;
  private static final long MOST_MEGABYTES = 1 << 24; // what ext4 holds with blocks of 4 KB
  private static final String MKE2FS = "mke2fs";

  private static final Pattern TEXT = Pattern.compile("(.+?)(?::([0-9]{1,7})([MGT]))?");

  /**
   * One from {@code FILE} or {@code FILE:SIZE}, such as {@code shop.data:4G}; a gigabyte without.
   *
   * @throws IllegalArgumentException if it isn't one, with what would be
   */
  public static DataDisk parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("\"" + text + "\": give a file, or FILE:SIZE");
    }
    long megabytes = parts.group(2) == null ? DEFAULT_MEGABYTES : Long.parseLong(parts.group(2));
    if (parts.group(3) != null) {
      megabytes <<= "MGT".indexOf(parts.group(3)) * 10;
    }
    if (megabytes < LEAST_MEGABYTES || megabytes > MOST_MEGABYTES) {
      throw new IllegalArgumentException(
          "\"%s\": a disk has %dM to %dT".formatted(text, LEAST_MEGABYTES, MOST_MEGABYTES >> 20));
    }
    return new DataDisk(Path.of(parts.group(1)), megabytes * MEGABYTE);
  }

  /**
   * Makes it if it isn't there; it appears when it is complete.
   *
   * @return whether it was made
   * @throws IOException if it can't be made, with what is to be done about it
   */
  public boolean make(DataDirectory directory) throws IOException, InterruptedException {
    if (Files.exists(file)) {
      if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
        throw new IOException(file + " is no file that can be written to");
      }
      return false;
    }
    Path parent = file.toAbsolutePath().getParent();
    try (Scratch scratch = Scratch.directory(parent, "." + file.getFileName())) {
      Path fresh = scratch.path().resolve("disk");
      try (RandomAccessFile disk = new RandomAccessFile(fresh.toFile(), "rw")) {
        disk.setLength(bytes);
      }
      format(fresh, directory.label());
      Files.move(fresh, file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // Another process was sooner.
    }
  }

  private static void format(Path disk, String label) throws IOException, InterruptedException {
    Path program = program();
    if (program == null) {
      throw new IOException(
          "there is no "
              + MKE2FS
              + " to make a disk with; install it (Debian: apt install e2fsprogs)");
    }
    Process process =
        new ProcessBuilder(
                program.toString(),
                "-q",
                "-F",
                "-t",
                "ext4",
                "-m",
                "0",
                "-L",
                label,
                disk.toString())
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(MKE2FS + " failed: " + said.strip());
    }
  }

  /** It is there for everybody, though not on everybody's path. */
  private static @Nullable Path program() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    for (String directory : path.split(":")) {
      Path program = Path.of(directory, MKE2FS);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    return null;
  }

  /** The disk as a machine has it. */
  public MachineDisk disk() throws IOException {
    return MachineDisk.of(file, true);
  }
}

package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian's package manager, as programs: apt-cache(8) and apt-get(8).
 *
 * @param environment added to that of this process
 */
record Apt(Map<String, String> environment) {
  private static final int MINUTES = 10;
  private static final Pattern KERNEL = Pattern.compile("Depends: (linux-image-\\S+)");

  /**
   * Downloads the package of the kernel on which this one depends.
   *
   * @param name of a package that follows the newest kernel: {@code linux-image-cloud-amd64}
   * @param directory where it goes
   * @throws IOException if there is no apt here, or it fails, with what it says
   */
  Path downloadKernel(String name, Path directory) throws IOException {
    Matcher kernel = KERNEL.matcher(run(directory, "apt-cache", "depends", name));
    if (!kernel.find()) {
      throw new IOException("apt-cache knows no kernel that " + name + " depends on");
    }
    run(directory, "apt-get", "download", kernel.group(1));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.deb")) {
      Iterator<Path> found = files.iterator();
      if (!found.hasNext()) {
        throw new IOException("apt-get download " + kernel.group(1) + " left no package");
      }
      return found.next();
    }
  }

  private String run(Path directory, String... command) throws IOException {
    String line = String.join(" ", command);
    Path output = directory.resolve(command[0] + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IOException("there is no " + command[0] + " here", e);
    }
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new IOException(line + " hasn't ended in " + MINUTES + " minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException(line + " was interrupted").initCause(e);
    } finally {
      process.destroy();
    }
    String text = Files.readString(output, UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s failed with status %d: %s"
              .formatted(line, process.exitValue(), text.strip().replace("\n", "; ")));
    }
    return text;
  }
}

package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that outlive a guest or a container, by {@code husk pack --data} and {@code husk boot
 * --data} as a user types them: an app counts its starts.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DataTest {
  private static final String SOURCE =
      """
      package app;

      import java.nio.file.Files;
      import java.nio.file.Path;

      public class Counter {
        public static void main(String[] args) throws Exception {
          Path file = Path.of("data/count");
          int count = Files.exists(file) ? Integer.parseInt(Files.readString(file)) + 1 : 1;
          Files.writeString(file, "" + count);
          Files.createDirectories(Path.of("/var/log/app"));
          Files.writeString(Path.of("/var/log/app/" + count), "started");
          try (var logs = Files.list(Path.of("/var/log/app"))) {
            var names = logs.map(log -> log.getFileName() + "").filter(n -> n.matches("[0-9]+"));
            System.out.println("start " + count + ", logs " + names.sorted().toList());
          }
        }
      }
      """;

  @TempDir private static Path shared;

  private static Path image;
  private static Path container;

  @TempDir private Path folder;

  @BeforeAll
  static void pack() throws Exception {
    Needs.program("qemu-system-x86_64");
    Path jar = Jars.of(shared.resolve("counter.jar"), "app/Counter.class", SOURCE);
    image = shared.resolve("counter.img");
    container = shared.resolve("husk-it-counter.tar");
    List<String> words = new ArrayList<>(List.of("pack", jar.toString(), "--no-training"));
    words.addAll(List.of("--data=/app/data", "--data=logs:/var/log/app"));
    words.addAll(List.of("--output=" + image, "--output=" + container));
    if (Needs.kernel() != null) {
      words.add("--kernel=" + Needs.kernel());
    }
    Path log = shared.resolve("pack.log");
    assertEquals(0, Husk.command(words).start(log).waitFor(), () -> Husk.text(log));
  }

  @Test
  void aGuestHasItsDataOnDisks() throws Exception {
    Path data = folder.resolve("the data");
    Path logs = folder.resolve("logs");
    List<String> disks = List.of("--data=" + data + ":64M", "--data=" + logs + ":32M");
    String first = boot(0, disks);
    assertTrue(first.contains("husk: made " + data + " for /app/data\n"), first);
    assertTrue(first.contains("husk: made " + logs + " for /var/log/app\n"), first);
    assertTrue(first.contains("start 1, logs [1]\n"), first);
    String second = boot(0, disks);
    assertTrue(second.contains("start 2, logs [1, 2]\n"), second);
    assertFalse(second.contains("husk: made"), second);
    // Which is which, the labels say.
    String turned = boot(0, List.of("--data=" + logs, "--data=" + data));
    assertTrue(turned.contains("start 3, logs [1, 2, 3]\n"), turned);
    assertEquals(64 << 20, Files.size(data));
  }

  @Test
  void withoutDisksItSaysWhatIsMissing() throws Exception {
    String without = boot(2, List.of());
    String keeps = image + " keeps data in /app/data and /var/log/app: give a --data=FILE for each";
    assertTrue(without.contains(keeps + ", or --no-data to have it in memory"), without);
    assertTrue(boot(2, List.of("--data=" + folder.resolve("one"))).contains(keeps));
    assertTrue(boot(0, List.of("--no-data")).contains("start 1, logs [1]\n"));
    Path none = Files.writeString(folder.resolve("none"), "no file system");
    Path other = folder.resolve("other");
    String foreign = boot(127, List.of("--data=" + none, "--data=" + other + ":32M"));
    assertTrue(foreign.contains("husk: no disk has the data of /app/data: errno 2"), foreign);
  }

  @Test
  void aContainerHasItsDataInVolumes() throws Exception {
    String docker = Needs.engine().toString();
    docker(docker, "load", "-i", container.toString());
    String name = "husk-it-counter:latest";
    String volume = "husk-it-counter-" + ProcessHandle.current().pid();
    try {
      String volumes = docker(docker, "inspect", "-f", "{{json .Config.Volumes}}", name);
      assertEquals("{\"/app/data\":{},\"/var/log/app\":{}}\n", volumes);
      String[] run = {docker, "run", "--rm", "--network=none", "-v", volume + ":/app/data", name};
      assertEquals("start 1, logs [1]\n", docker(run));
      assertEquals("start 2, logs [2]\n", docker(run));
    } finally {
      docker(docker, "volume", "rm", "-f", volume);
      docker(docker, "rmi", "-f", name);
    }
  }

  private String docker(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("docker.log");
    Process process = Husk.started(new ProcessBuilder(command), output, false);
    assertEquals(0, process.waitFor(), () -> List.of(command) + ": " + Husk.text(output));
    return Husk.text(output);
  }

  private String boot(int status, List<String> options) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("boot", image.toString(), "--no-network"));
    words.addAll(options);
    Path log = folder.resolve("boot.log");
    assertEquals(status, Husk.command(words).start(log).waitFor(), () -> Husk.text(log));
    return Husk.text(log);
  }
}

package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.app.AppRequest;
import dev.husk.image.boot.Bootable;
import dev.husk.image.boot.Forward;
import dev.husk.image.boot.Guest;
import dev.husk.image.boot.Machine;
import dev.husk.image.boot.Processor;
import dev.husk.image.kernel.Kernels;
import dev.husk.image.pack.Format;
import dev.husk.image.pack.Image;
import dev.husk.image.pack.ImageWriter;
import dev.husk.image.pack.PackRequest;
import dev.husk.image.pack.Packer;
import dev.husk.image.pack.Progress;
import dev.husk.image.squashfs.Method;
import dev.husk.image.tree.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An app becomes an image, and the image does what the app does. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class PackTest {
  private static final int PORT = 8080;

  private static final String SERVER =
      """
      package app;

      import com.sun.net.httpserver.HttpServer;
      import java.lang.management.ManagementFactory;
      import java.net.InetSocketAddress;
      import java.util.concurrent.Executors;
      import javax.management.ObjectName;

      public class Server {
        public static void main(String[] args) throws Exception {
          // Husk's bean comes with the server of beans, in a training as well.
          System.out.println("beans of Husk: " + ManagementFactory.getPlatformMBeanServer()
              .queryNames(new ObjectName("dev.husk:*"), null).size());
          HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
          server.setExecutor(Executors.newCachedThreadPool());
          server.createContext("/", exchange -> {
            byte[] reply = (System.getenv("GREETING") + " from "
                + Thread.currentThread().getClass().getSimpleName() + " "
                + Thread.currentThread().isVirtual() + " " + args[0]).getBytes();
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
          });
          Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
          server.start();
          System.out.println("listening");
        }
      }
      """;

  private static final String PROGRAM =
      """
      package app;

      public class Program {
        public static void main(String[] args) throws Exception {
          Thread thread = new Thread(() -> System.out.println("ran in " + Thread.currentThread().getName()), "own");
          thread.start();
          thread.join();
          System.out.println(String.join("|", args));
          System.exit(42);
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void aServerAnswersFromItsGuestAndEndsInOrder() throws Exception {
    Path qemu = Needs.program("qemu-system-x86_64");
    Image image = pack(jar("Server", SERVER), List.of("one word"), true);
    Path file = folder.resolve("server.qcow2");
    new ImageWriter(image, Method.ZSTD, folder.resolve("cache")).write(Format.QCOW2, file);
    int port = freePort();
    try (Bootable bootable = Bootable.open(file);
        Guest guest =
            Guest.start(
                machine(qemu, bootable, List.of(new Forward("127.0.0.1", port, PORT))), false)) {
      List<String> console = console(guest);
      assertEquals(
          "hello from Thread false one word", ask(port, guest, console), console::toString);
      guest.powerDown();
      assertTrue(guest.await(1, TimeUnit.MINUTES), console::toString);
      assertEquals(OptionalInt.of(143), guest.status(), console::toString);
      assertTrue(console.contains("hook ran"), console::toString);
      assertTrue(console.contains("beans of Husk: 2"), console::toString);
    }
  }

  @Test
  void aProgramsOutputAndStatusReachTheHost() throws Exception {
    Path qemu = Needs.program("qemu-system-x86_64");
    Image image = pack(jar("Program", PROGRAM), List.of("a", "b c", "--d"), false);
    Path file = folder.resolve("program.efi");
    ImageWriter writer = new ImageWriter(image, Method.LZ4, folder.resolve("cache"));
    writer.write(Format.UKI, file);
    byte[] first = Files.readAllBytes(file);
    writer.write(Format.UKI, file);
    assertArrayEquals(first, Files.readAllBytes(file), "the same app makes the same image");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of(),
          left.filter(path -> path.getFileName().toString().startsWith(".")).toList(),
          "scratch files are gone");
    }
    try (Bootable bootable = Bootable.open(file);
        Guest guest = Guest.start(machine(qemu, bootable, List.of()), false)) {
      List<String> console = console(guest);
      assertTrue(guest.await(2, TimeUnit.MINUTES), console::toString);
      assertEquals(OptionalInt.of(42), guest.status(), console::toString);
      assertTrue(console.contains("ran in own"), console::toString);
      assertTrue(console.contains("a|b c|--d"), console::toString);
    }
  }

  private Machine machine(Path qemu, Bootable bootable, List<Forward> forwards)
      throws IOException, InterruptedException {
    Path scratch = Files.createDirectories(folder.resolve("boot"));
    return new Machine(
        qemu,
        bootable.kernel(scratch),
        bootable.initramfs(scratch),
        bootable.disk(),
        List.of(),
        bootable.commandLine(),
        512,
        1,
        forwards,
        true,
        Processor.best(qemu));
  }

  private static Image pack(Path jar, List<String> args, boolean train)
      throws IOException, InterruptedException {
    List<String> notes = new ArrayList<>();
    TreeMap<String, String> environment = new TreeMap<>();
    environment.put("GREETING", "hello");
    Image image =
        new Packer(
                new PackRequest(
                    new AppRequest(List.of(jar), null, List.of(), args, List.of()),
                    Path.of(System.getProperty("java.home")),
                    Needs.huskJar(),
                    Kernels.defaultCache(),
                    Needs.kernel(),
                    null,
                    false,
                    new TreeSet<>(),
                    environment,
                    new FileTree(),
                    new TreeSet<>(List.of(PORT)),
                    List.of(),
                    null,
                    List.of(),
                    train
                        ? new PackRequest.Training(List.of("/"), null, Duration.ofMinutes(1))
                        : null),
                new Progress() {
                  @Override
                  public void step(String what) {}

                  @Override
                  public void note(String line) {
                    notes.add(line);
                  }
                })
            .pack();
    assertEquals(List.of(), notes);
    assertEquals(train, image.command().contains("-XX:AOTCache=/aot/app.aot"));
    return image;
  }

  /** A jar with one class of the package app. */
  private Path jar(String name, String source) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src"));
    Path file = Files.writeString(sources.resolve(name + ".java"), source);
    Path classes = folder.resolve("classes-" + name);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(0, javac.run(System.out, System.err, "-d", classes.toString(), file.toString()));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "app." + name);
    Path jar = folder.resolve(name + ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest);
        Stream<Path> all = Files.list(classes.resolve("app"))) {
      for (Path path : all.sorted().toList()) {
        zip.putNextEntry(new JarEntry("app/" + path.getFileName()));
        zip.write(Files.readAllBytes(path));
        zip.closeEntry();
      }
    }
    return jar;
  }

  private static List<String> console(Guest guest) {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader in = guest.process().inputReader(StandardCharsets.UTF_8)) {
                for (String line; (line = in.readLine()) != null; ) {
                  lines.add(line.strip());
                }
              } catch (IOException e) {
                // The guest is gone.
              }
            });
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  private static String ask(int port, Guest guest, List<String> console) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    // QEMU takes connections from the beginning; only what the app answers counts.
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
              .timeout(Duration.ofSeconds(3))
              .build();
      while (true) {
        try {
          return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
          assertTrue(guest.process().isAlive(), console::toString);
          assertTrue(System.nanoTime() < end, console::toString);
          Thread.sleep(100);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

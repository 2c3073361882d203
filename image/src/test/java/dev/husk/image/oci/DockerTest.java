package dev.husk.image.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real engine loads what we write, runs it, and saves it so that we read it. */
final class DockerTest {

  private static final String NAME = "husk-image-test:1.0";
  private static final int STATUS = 7;

  @TempDir private Path directory;
  private PackedImage packed;

  private record Outcome(int status, String output) {}

  @BeforeEach
  void load() throws Exception {
    assumeTrue(
        Boolean.parseBoolean(System.getenv("CI")) || System.getenv("DOCKER_HOST") != null,
        "needs a container engine: DOCKER_HOST says where, and ./verify starts one");
    packed = image().pack(new LayerCache(directory.resolve("cache")));
    Path archive = directory.resolve("image.tar");
    packed.writeArchive(archive, ImageName.of(NAME));
    String said = docker("load", "--input", archive.toString());
    assertTrue(said.contains("Loaded image: " + NAME), said);
  }

  @AfterEach
  void remove() throws Exception {
    if (packed != null) {
      docker("image", "rm", "--force", NAME);
    }
  }

  @Test
  void engineSeesTheSameImage() throws Exception {
    String json = docker("image", "inspect", NAME);
    Json image =
        Json.read("inspect", Content.of(json.getBytes(StandardCharsets.UTF_8))).list().getFirst();
    // The one of an engine that stores layers itself, the other of one that has containerd do so.
    assertTrue(
        Set.of(packed.id().toString(), packed.manifestDigest().toString())
            .contains(image.get("Id").text()),
        json);
    assertEquals(List.of(NAME), image.get("RepoTags").strings());
    assertEquals(
        packed.layers().stream().map(layer -> layer.diffId().toString()).toList(),
        image.get("RootFS").get("Layers").strings());
    assertEquals("linux", image.get("Os").text());
    assertEquals("1980-01-01T00:00:00Z", image.get("Created").text());
    Json described =
        new Json(
            "inspect#",
            Map.of(
                "architecture",
                image.get("Architecture").text(),
                "config",
                image.get("Config").fields()));
    assertEquals(image().config(), Documents.readConfig(described));
  }

  @Test
  void appRuns() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the program is for x86-64");
    Outcome first = call("run", "--rm", "--network=none", NAME);
    assertEquals(new Outcome(STATUS, "hello from a layer\n"), first);
    Outcome other = call("run", "--rm", "--network=none", NAME, "/etc/other");
    assertEquals(new Outcome(STATUS, "another file\n"), other);
  }

  @Test
  void whatTheEngineSavesIsRead() throws Exception {
    Path saved = directory.resolve("saved.tar");
    docker("save", "--output", saved.toString(), NAME);
    try (StoredImage stored = StoredImage.open(saved)) {
      assertEquals(packed.id(), stored.id());
      assertEquals(image().config(), stored.config());
      FileTree all = new FileTree();
      image().layers().forEach(layer -> all.putAll(layer.files()));
      assertEquals(Samples.packedContents(all), Samples.contents(stored.root()));
    }
  }

  private static OciImage image() {
    FileTree program =
        new FileTree()
            .file("bin/show", 0755, Content.of(program()))
            .put("dev/console", new Node.Device(0600, false, 5, 1));
    FileTree files =
        new FileTree()
            .file(Samples.LONG_PATH, 0644, Samples.text("hello from a layer\n"))
            .symlink("etc/greeting", "../" + Samples.LONG_PATH)
            .file("etc/other", 0640, Samples.text("another file\n"))
            .file(Samples.UMLAUT_PATH, 0600, Samples.text("größer"));
    return new OciImage(
        ImageConfig.builder("amd64")
            .entrypoint(List.of("/bin/show"))
            .command(List.of("/etc/greeting"))
            .environment(Map.of("GREETING", "hello = world"))
            .workingDirectory("/etc")
            .ports(List.of(8080))
            .labels(Map.of("org.example.label", "a \"quoted\" value"))
            .stopSignal("SIGTERM")
            .build(),
        List.of(new Layer("program", program), new Layer("files", files)));
  }

  /** A static ELF program that writes the first 4 KB of the file that it is given. */
  private static byte[] program() {
    byte[] code =
        HexFormat.of()
            .parseHex(
                String.join(
                    "",
                    "488b7c2410", // mov rdi, [rsp+16]: argv[1]
                    "31f6", // xor esi, esi: O_RDONLY
                    "b802000000", // mov eax, 2: open
                    "0f05", // syscall
                    "89c7", // mov edi, eax
                    "4881ec00100000", // sub rsp, 4096
                    "4889e6", // mov rsi, rsp
                    "ba00100000", // mov edx, 4096
                    "31c0", // xor eax, eax: read
                    "0f05", // syscall
                    "89c2", // mov edx, eax
                    "bf01000000", // mov edi, 1: standard output
                    "b801000000", // mov eax, 1: write
                    "0f05", // syscall
                    "bf%02x000000".formatted(STATUS), // mov edi, STATUS
                    "b83c000000", // mov eax, 60: exit
                    "0f05")); // syscall
    int headers = 64 + 56;
    long base = 0x400000;
    ByteBuffer elf = ByteBuffer.allocate(headers + code.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2).putShort((short) 62).putInt(1); // an executable for x86-64
    elf.putLong(base + headers).putLong(64).putLong(0); // entry, program headers, no sections
    elf.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(5).putLong(0).putLong(base).putLong(base); // load, readable, executable
    elf.putLong(elf.capacity()).putLong(elf.capacity()).putLong(4096);
    return elf.put(code).array();
  }

  private String docker(String... arguments) throws Exception {
    Outcome outcome = call(arguments);
    assertEquals(0, outcome.status(), outcome.output());
    return outcome.output();
  }

  private Outcome call(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> command + " hangs");
      return new Outcome(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly();
    }
  }
}

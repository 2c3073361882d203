package dev.husk.image.oci;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What several tests pack and compare. */
final class Samples {

  static final String LONG_PATH = "opt/" + "directory-with-a-name/".repeat(12) + "file";
  static final String UMLAUT_PATH = "opt/Überraschung/日本.txt";

  private Samples() {}

  static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Entries of all kinds, with names that don't fit the old header. */
  static FileTree jvm() {
    return new FileTree()
        .file("java/bin/java", 0755, text("not really a program\n"))
        .file("java/lib/empty", 0644, text(""))
        .symlink("java/lib/link", "../bin/java")
        .symlink("java/lib/long", "../" + "x".repeat(200))
        .directory("tmp", 01777)
        .file(LONG_PATH, 04711, text("long"))
        .file(UMLAUT_PATH, 0600, text("größer"), 4_000_000_000L)
        .put("dev/null", new Node.Device(0666, false, 1, 3));
  }

  static FileTree app(String greeting) {
    return new FileTree().file("app/greeting", 0644, text(greeting), 1_700_000_001);
  }

  static ImageConfig config() {
    return ImageConfig.builder("amd64")
        .entrypoint(List.of("/java/bin/java", "-Xmx64m"))
        .command(List.of("--port", "8080"))
        .environment(Map.of("LANG", "C.UTF-8", "EMPTY", "", "EQUALS", "a=b"))
        .workingDirectory("/app")
        .ports(List.of(8081, 8080))
        .volumes(List.of("/app/data"))
        .user("1000:1000")
        .labels(Map.of("org.example.label", "a \"quoted\" value"))
        .stopSignal("SIGTERM")
        .build();
  }

  static OciImage image(String greeting) {
    return new OciImage(
        config(), List.of(new Layer("jvm", jvm()), new Layer("app", app(greeting))));
  }

  /** What a tree holds, for comparison: kind, mode, time, and content or target, by path. */
  static SortedMap<String, String> contents(FileTree tree) throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    for (Map.Entry<String, Node> file : tree.nodes().entrySet()) {
      String mode = Integer.toOctalString(file.getValue().mode());
      contents.put(
          file.getKey(),
          switch (file.getValue()) {
            case Node.Directory _ -> "directory " + mode;
            case Node.RegularFile regular ->
                "file " + mode + " " + regular.time() + " " + Digest.of(regular.content().bytes());
            case Node.Symlink link -> "link to " + link.target();
            case Node.Device device ->
                "device %s %b %d %d"
                    .formatted(mode, device.block(), device.major(), device.minor());
          });
    }
    return contents;
  }

  /** The same without devices, which stay out of layers. */
  static SortedMap<String, String> packedContents(FileTree tree) throws IOException {
    SortedMap<String, String> contents = contents(tree);
    contents.values().removeIf(content -> content.startsWith("device"));
    return contents;
  }
}

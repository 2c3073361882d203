package dev.husk.image.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.husk.image.disk.Blocks;
import dev.husk.image.testing.Tool;
import dev.husk.image.testing.Trees;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.Directories;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Squashfs against squashfs-tools and the kernel. */
final class SquashfsToolsTest {
  private static final String PACKAGE = "squashfs-tools";

  @TempDir private Path directory;

  /** What those who aren't root can unpack. */
  private static FileTree files() {
    FileTree tree =
        new FileTree()
            .file("empty", 0600, Content.of(new byte[0]), 4_000_000_000L)
            .file("init", 0755, Content.of(Trees.noise(1, 567)))
            .file("usr/share/größer als sonst", 0640, Content.of(Volumes.text(2, 1_700_000)))
            .file("usr/share/copy", 0644, Content.of(Volumes.text(2, 1_700_000)))
            .file("usr/share/block", 0644, Content.of(Trees.noise(5, Volumes.BLOCK)))
            .file("usr/share/zeros", 0644, Content.of(new byte[5 * Volumes.BLOCK + 7]))
            .file("usr/lib/a/b.so", 0755, Content.of(Trees.noise(3, 300_000)))
            .directory("usr/lib/none", 0700)
            .symlink("usr/lib/b.so", "a/b.so")
            .symlink("lib", "usr/lib")
            .symlink("long", "x".repeat(4000));
    for (int i = 0; i < 2000; i++) {
      tree.file("many/a file named " + i, 0644, Content.of(Volumes.text(i, i)));
    }
    return tree.file("names/" + "n".repeat(255), 0644, Trees.text("n"));
  }

  private static FileTree withDevices() {
    return new FileTree()
        .putAll(files())
        .put("dev/console", new Node.Device(0600, false, 5, 1))
        .put("dev/large", new Node.Device(0660, true, 259, 1_000_000))
        .file("bin/su", 04711, Trees.text("su"))
        .directory("tmp", 01777);
  }

  private Path written(FileTree tree, Method method) throws IOException {
    Path file = directory.resolve("root.squashfs");
    Volumes.write(tree, method, file, directory.resolve("cache"));
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void unsquashfsListsWhatWasWritten(Method method) throws Exception {
    Tool unsquashfs = Tool.named("unsquashfs", PACKAGE);
    // It prints larger numbers of devices wrongly, those of mksquashfs too.
    FileTree tree = withDevices().put("dev/large", new Node.Device(0660, true, 259, 3));
    String list =
        unsquashfs.run(directory, "-UTC", "-lln", "-d", "", written(tree, method).toString());
    List<String> lines = new ArrayList<>();
    for (String line : list.lines().toList()) {
      String[] words = line.replaceAll(", +", ",").split(" +", 6);
      if (words.length == 6) {
        boolean isDirectory = line.startsWith("d");
        lines.add(
            "%s %s %s %s %s %s"
                .formatted(
                    words[0],
                    words[1],
                    isDirectory ? "-" : words[2],
                    words[3],
                    words[4],
                    words[5]));
      }
    }
    List<String> expected = new ArrayList<>();
    expected.add("drwxr-xr-x 0/0 - 1980-01-01 00:00 ");
    tree.nodes()
        .forEach(
            (path, node) ->
                expected.add(
                    "%s 0/0 %s %s /%s".formatted(mode(node), size(node), time(node), path)));
    tree.nodes()
        .forEach(
            (path, node) -> {
              if (node instanceof Node.Symlink link) {
                expected.replaceAll(
                    line -> line.endsWith(" /" + path) ? line + " -> " + link.target() : line);
              }
            });
    // It goes through directories one by one.
    lines.sort(null);
    expected.sort(null);
    assertEquals(String.join("\n", expected), String.join("\n", lines));
  }

  private static String mode(Node node) {
    StringBuilder text = new StringBuilder();
    text.append(
        switch (node) {
          case Node.Directory d -> 'd';
          case Node.RegularFile f -> '-';
          case Node.Symlink s -> 'l';
          case Node.Device device -> device.block() ? 'b' : 'c';
        });
    for (int bit = 8; bit >= 0; bit--) {
      text.append((node.mode() >> bit & 1) == 1 ? "xwr".charAt(bit % 3) : '-');
    }
    if ((node.mode() & 04000) != 0) {
      text.setCharAt(3, 's');
    }
    if ((node.mode() & 01000) != 0) {
      text.setCharAt(9, 't');
    }
    return text.toString();
  }

  private static String time(Node node) {
    return node instanceof Node.RegularFile file && file.time() != FileTree.TIME
        ? "2096-10-02 07:06"
        : "1980-01-01 00:00";
  }

  private static String size(Node node) {
    return switch (node) {
      case Node.Directory d -> "-";
      case Node.RegularFile file -> String.valueOf(file.content().size());
      case Node.Symlink link -> String.valueOf(link.target().length());
      case Node.Device device -> device.major() + "," + device.minor();
    };
  }

  @ParameterizedTest
  @EnumSource
  void unsquashfsUnpacksWhatWasWritten(Method method) throws Exception {
    Tool unsquashfs = Tool.named("unsquashfs", PACKAGE);
    Path volume = written(files(), method);
    unsquashfs.run(directory, "-q", "-n", "-strict-errors", "-d", "root", volume.toString());
    Path root = directory.resolve("root");
    assertEquals(Trees.listing(files()), Trees.listing(Trees.ofHost(root)));
    String text = unsquashfs.run(directory, "-cat", volume.toString(), "usr/share/copy");
    assertEquals(new String(Volumes.text(2, 1_700_000), StandardCharsets.US_ASCII), text);
  }

  @ParameterizedTest
  @EnumSource
  void unsquashfsReadsEmptyOnesAndOnesWithoutFragments(Method method) throws Exception {
    Tool unsquashfs = Tool.named("unsquashfs", PACKAGE);
    FileTree one = new FileTree().file("f", 0644, Content.of(Trees.noise(1, Volumes.BLOCK)));
    for (FileTree tree : List.of(new FileTree(), one)) {
      Path root = directory.resolve("root" + tree.nodes().size());
      unsquashfs.run(
          directory,
          "-q",
          "-n",
          "-strict-errors",
          "-d",
          root.toString(),
          written(tree, method).toString());
      assertEquals(Trees.listing(tree), Trees.listing(Trees.ofHost(root)));
    }
  }

  @Test
  void whatMksquashfsWritesIsRead() throws Exception {
    Tool mksquashfs = Tool.named("mksquashfs", PACKAGE);
    Path host = directory.resolve("host");
    Directories.write(files(), host);
    List<List<String>> options =
        List.of(
            List.of("-comp", "zstd"),
            List.of("-comp", "zstd", "-Xcompression-level", "3", "-b", "1M", "-no-exports"),
            List.of("-comp", "lz4"),
            List.of("-comp", "lz4", "-Xhc", "-b", "64K"),
            List.of("-comp", "gzip", "-always-use-fragments"),
            List.of("-comp", "gzip", "-Xcompression-level", "1", "-b", "4K", "-no-fragments"),
            List.of("-comp", "zstd", "-noI", "-noD", "-noF", "-no-duplicates"));
    Path file = directory.resolve("theirs");
    for (List<String> chosen : options) {
      List<String> arguments =
          new ArrayList<>(List.of("host", "theirs", "-noappend", "-quiet", "-no-progress"));
      arguments.addAll(chosen);
      mksquashfs.run(directory, arguments.toArray(String[]::new));
      try (Blocks blocks = Blocks.open(file)) {
        assertEquals(
            Trees.listing(files()), Trees.listing(SquashfsReader.read(blocks)), chosen.toString());
      }
    }
  }

  @Test
  void linksAndDevicesOfMksquashfsAreRead() throws Exception {
    Tool mksquashfs = Tool.named("mksquashfs", PACKAGE);
    Path host = Files.createDirectory(directory.resolve("host"));
    Path one = Files.writeString(host.resolve("one"), "one");
    Files.createLink(host.resolve("two"), one);
    mksquashfs.run(
        directory,
        "host",
        "theirs",
        "-quiet",
        "-no-progress",
        "-p",
        "null c 666 0 0 1 3",
        "-p",
        "large b 600 0 0 259 1000000");
    try (Blocks blocks = Blocks.open(directory.resolve("theirs"))) {
      FileTree tree = SquashfsReader.read(blocks);
      assertEquals(List.of("large", "null", "one", "two"), List.copyOf(tree.nodes().keySet()));
      assertEquals(new Node.Device(0666, false, 1, 3), tree.get("null"));
      assertEquals(new Node.Device(0600, true, 259, 1_000_000), tree.get("large"));
      assertEquals("one", new String(content(tree, "two").bytes(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void otherCompressorsOfMksquashfsAreNamed() throws Exception {
    Tool mksquashfs = Tool.named("mksquashfs", PACKAGE);
    Files.writeString(Files.createDirectory(directory.resolve("host")).resolve("f"), "f");
    for (String name : List.of("lzo", "xz")) {
      mksquashfs.run(
          directory, "host", "theirs", "-noappend", "-quiet", "-no-progress", "-comp", name);
      try (Blocks blocks = Blocks.open(directory.resolve("theirs"))) {
        IOException e = assertThrows(IOException.class, () -> SquashfsReader.read(blocks));
        assertTrue(e.getMessage().contains("compressed by " + name), e::toString);
      }
    }
  }

  /** In a namespace of its own: only root mounts, and only where the kernel has what it takes. */
  @ParameterizedTest
  @EnumSource
  void kernelReadsWhatWasWritten(Method method) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root");
    assumeTrue(
        Files.readString(Path.of("/proc/filesystems")).contains("\tsquashfs\n"),
        "this kernel has no squashfs");
    Tool sh = Tool.named("sh", "dash");
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    Path copy = Files.createDirectory(directory.resolve("copy"));
    String script =
        """
        unshare -m true 2> /dev/null && loop=$(losetup -r -f --show "$0" 2> /dev/null) || exit 0
        trap 'losetup -d "$loop"' EXIT
        unshare -m sh -ec '
          mount -r -t squashfs "$0" "$1"
          cd "$1"
          stat -c "%A %t %T" dev/console dev/large bin/su tmp
          ls -d "many/a file named 1999" many/missing 2> /dev/null || true
          rm -rf "$2"
          cp -a . "$2"
          rm -rf "$2/dev" "$2/bin" "$2/tmp"' "$loop" "$1" "$2"
        """;
    String volume = written(withDevices(), method).toString();
    String said = sh.run(directory, "-c", script, volume, mounted.toString(), copy.toString());
    assumeTrue(!said.isEmpty(), "no loop devices, or not allowed to mount");
    String expected =
        """
        crw------- 5 1
        brw-rw---- 103 f4240
        -rws--x--x 0 0
        drwxrwxrwt 0 0
        many/a file named 1999
        """;
    assertEquals(expected, said);
    assertEquals(Trees.listing(files()), Trees.listing(Trees.ofHost(copy)));
  }

  private static Content content(FileTree tree, String path) {
    return ((Node.RegularFile) tree.get(path)).content();
  }
}

package dev.husk.image.testing;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import dev.husk.image.tree.Times;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Trees to compare. */
public final class Trees {
  private Trees() {}

  /** Bytes that don't compress, the same for a seed. */
  public static byte[] noise(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** These characters as a file's bytes. */
  public static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Each entry by its path, with mode, contents and time, so that trees can be compared. */
  public static Map<String, String> listing(FileTree tree) throws IOException {
    return listing(tree, true);
  }

  /** The same without modes and times, which not all formats keep. */
  public static Map<String, String> withoutAttributes(FileTree tree) throws IOException {
    return listing(tree, false);
  }

  private static Map<String, String> listing(FileTree tree, boolean attributes) throws IOException {
    Map<String, String> listing = new TreeMap<>();
    for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
      Node node = entry.getValue();
      String what =
          switch (node) {
            case Node.Directory directory -> "directory";
            case Node.RegularFile file ->
                hash(file.content()) + (attributes ? " of " + file.time() : "");
            case Node.Symlink link -> "-> " + link.target();
            case Node.Device device ->
                (device.block() ? "b " : "c ") + device.major() + "," + device.minor();
          };
      listing.put(
          entry.getKey(), attributes ? Integer.toOctalString(node.mode()) + " " + what : what);
    }
    return listing;
  }

  private static String hash(Content content) throws IOException {
    byte[] bytes = content.bytes();
    return content.size() + "/" + bytes.length + " bytes " + ByteBuffer.wrap(bytes).hashCode();
  }

  /** What lies in a directory of the host. */
  public static FileTree ofHost(Path directory) throws IOException {
    FileTree tree = new FileTree();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths.skip(1)::iterator) {
        String name = directory.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          tree.symlink(name, Files.readSymbolicLink(path).toString());
        } else if (Files.isDirectory(path)) {
          tree.directory(name, mode(path));
        } else {
          tree.file(name, mode(path), Content.of(path), Times.OWN.of(path));
        }
      }
    }
    return tree;
  }

  private static int mode(Path path) throws IOException {
    int mode = 0;
    for (PosixFilePermission permission : Files.getPosixFilePermissions(path)) {
      // The constants are in the order of the bits, from the highest on.
      mode |= 0400 >> permission.ordinal();
    }
    return mode;
  }
}

package dev.husk.image.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Between trees and directories of the host. */
public final class Directories {
  private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();
  private static final FileTime TIME = FileTime.from(FileTree.TIME, TimeUnit.SECONDS);

  private Directories() {}

  /**
   * Adds a file or a directory of the host and all in it to a tree. Links stay links.
   *
   * @param at the path in the tree that the directory has there
   * @param times what its files have
   */
  public static void read(Path directory, String at, Times times, FileTree into)
      throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            into.directory(in(path), mode(path));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink()) {
              into.symlink(in(path), Files.readSymbolicLink(path).toString());
            } else if (attributes.isRegularFile()) {
              into.file(in(path), mode(path), Content.of(path), times.of(path));
            } else {
              throw new IOException(path + " is neither a file nor a directory nor a link");
            }
            return FileVisitResult.CONTINUE;
          }

          private String in(Path path) {
            String relative = directory.relativize(path).toString();
            return relative.isEmpty() ? at : at + "/" + relative;
          }
        });
  }

  /**
   * Writes a tree into a directory of the host, each file with its time. Device nodes are left out:
   * making them takes a privilege.
   */
  public static void write(FileTree tree, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
      Path path = directory.resolve(entry.getKey());
      switch (entry.getValue()) {
        case Node.Directory d -> Files.createDirectories(path);
        case Node.RegularFile file -> {
          try (InputStream in = file.content().open()) {
            Files.copy(in, path);
          }
          Files.setPosixFilePermissions(path, permissions(file.mode()));
          Files.setLastModifiedTime(path, FileTime.from(file.time(), TimeUnit.SECONDS));
        }
        case Node.Symlink link -> Files.createSymbolicLink(path, Path.of(link.target()));
        case Node.Device device -> {}
      }
    }
    // Last, and from the inside out: what is made in a directory changes its time.
    for (Map.Entry<String, Node> entry : tree.nodes().reversed().entrySet()) {
      if (entry.getValue() instanceof Node.Directory d) {
        Path path = directory.resolve(entry.getKey());
        Files.setLastModifiedTime(path, TIME);
        Files.setPosixFilePermissions(path, permissions(d.mode()));
      }
    }
  }

  private static int mode(Path path) throws IOException {
    int mode = 0;
    for (PosixFilePermission permission : Files.getPosixFilePermissions(path)) {
      mode |= 0400 >> permission.ordinal();
    }
    // Who builds must not decide by his umask what the image has.
    return (mode & 0111) == 0 ? 0644 : 0755;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PERMISSIONS) {
      if ((mode & 0400 >> permission.ordinal()) != 0) {
        set.add(permission);
      }
    }
    return set;
  }
}

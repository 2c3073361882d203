package dev.husk.image.app;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Times;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of an app with the time of its last modification, which servers tell to their clients.
 *
 * <p>A jar has the time of the newest file in it: servers tell it for what they serve out of the
 * jar, and it doesn't depend on when the jar was copied or downloaded. Class files have the
 * constant time, since nobody asks for theirs and every build writes them anew.
 *
 * @param time seconds since 1970
 */
record AppFile(Content content, long time) {
  private static final String JAR = ".jar";
  private static final String CLASS = ".class";

  /** A file of this machine, which is to lie under such a name. */
  static AppFile of(Path file, String name) throws IOException {
    return new AppFile(Content.of(file), time(file, name));
  }

  /** A file in an archive that has no name on this machine. */
  static AppFile of(Archive archive, String entry, Content content) throws IOException {
    return new AppFile(content, archive.time(entry));
  }

  private static long time(Path file, String name) throws IOException {
    if (name.endsWith(CLASS)) {
      return FileTree.TIME;
    }
    if (name.endsWith(JAR)) {
      try (Archive jar = Archive.open(file)) {
        return jar.newest();
      } catch (AppException e) {
        // It only has the name of one.
      }
    }
    return Times.OWN.of(file);
  }
}

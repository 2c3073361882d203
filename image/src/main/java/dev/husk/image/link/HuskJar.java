package dev.husk.image.link;

import dev.husk.rewriter.SeamTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** What the linker takes from husk.jar. */
final class HuskJar {
  private static final String PRIVATE = "private/";
  private static final String CLASS = ".class";
  private static final String CLASS_DATA = ".classdata";

  private HuskJar() {}

  /** The class files that go into {@code java.base}, by internal name. */
  static Map<String, byte[]> runtime(Path jar) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = nameInBase(entry.getName());
        if (name != null) {
          classes.put(name, zip.getInputStream(entry).readAllBytes());
        }
      }
    }
    return classes;
  }

  private static @Nullable String nameInBase(String path) {
    if (path.startsWith("dev/husk/")
        && path.endsWith(CLASS)
        && !path.startsWith("dev/husk/agent/")) {
      return path.substring(0, path.length() - CLASS.length());
    }
    // Those in packages of the JDK, what rewrites the app's classes, and what drivers share.
    if ((path.startsWith(PRIVATE + "dev/husk/rewriter/")
            || path.startsWith(PRIVATE + "dev/husk/start/")
            || path.startsWith(PRIVATE + "java/")
            || path.startsWith(PRIVATE + "sun/"))
        && path.endsWith(CLASS_DATA)
        && !path.contains("/SeamIndexer")
        && !path.contains("/NativeEntry")) {
      return path.substring(PRIVATE.length(), path.length() - CLASS_DATA.length());
    }
    return null;
  }

  /** The seams. */
  static SeamTable seams(Path jar) throws IOException {
    String index = "META-INF/husk/seams.idx";
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = zip.getEntry(index);
      if (entry == null) {
        throw new IOException(jar + " is not husk.jar: it lacks " + index);
      }
      return SeamTable.parse(new ByteArrayInputStream(zip.getInputStream(entry).readAllBytes()));
    }
  }
}

package dev.husk.image.app;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Times;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.X5455_ExtendedTimestamp;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.jspecify.annotations.Nullable;

/** A jar, war or other zip file, open for reading. Not thread-safe. */
public final class Archive implements Closeable {
  /** Larger ones are refused: the largest class files of real apps have some hundred kilobytes. */
  public static final long MOST_OF_A_CLASS = 64 << 20;

  private static final long MOST_OF_A_MANIFEST = 64 << 20;

  /**
   * The release of Java that images run: of a multi-release jar, its classes and older ones count.
   */
  private static final int JAVA = 25;

  private static final String VERSIONS = "META-INF/versions/";

  private final String name;
  private final ZipFile zip;
  private final Map<String, ZipArchiveEntry> entries = new LinkedHashMap<>();
  private @Nullable Manifest manifest;

  private Archive(String name, ZipFile zip) {
    this.name = name;
    this.zip = zip;
    for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
      if (!entry.isDirectory()) {
        entries.putIfAbsent(entry.getName(), entry);
      }
    }
  }

  /**
   * Opens a file.
   *
   * @throws AppException if it isn't a zip file
   */
  public static Archive open(Path file) throws IOException {
    return open(file.getFileName().toString(), Files.newByteChannel(file));
  }

  /**
   * Opens one that may lie in another one. All of its bytes are held in memory.
   *
   * @param name for messages
   * @throws AppException if it isn't a zip file
   */
  public static Archive open(String name, Content content) throws IOException {
    return open(name, new SeekableInMemoryByteChannel(content.bytes()));
  }

  private static Archive open(String name, SeekableByteChannel channel) throws IOException {
    try {
      return new Archive(
          name,
          ZipFile.builder().setSeekableByteChannel(channel).setIgnoreLocalFileHeader(true).get());
    } catch (IOException | RuntimeException e) {
      // The library says so also by exceptions of its fields, which aren't IOExceptions.
      channel.close();
      throw new AppException(name + " is not a readable zip file: " + e.getMessage());
    }
  }

  /** Its file name, for people. */
  public String name() {
    return name;
  }

  /** All files in it, in their order, by their names. */
  public Iterable<String> names() {
    return entries.keySet();
  }

  /** Whether it has a file of this name. */
  public boolean has(String entry) {
    return entries.containsKey(entry);
  }

  /**
   * How many bytes a file of it has, as the archive says.
   *
   * @throws AppException if there is no such file
   */
  public long size(String entry) throws AppException {
    return find(entry).getSize();
  }

  /**
   * When a file of it was modified last, in seconds since 1970 and as an image has it. Most
   * archives tell the time of day of whoever made them, without the zone: that is taken for UTC, so
   * that one archive means one time.
   *
   * @throws AppException if there is no such file
   */
  public long time(String entry) throws IOException {
    ZipArchiveEntry found = find(entry);
    if (found.getExtraField(X5455_ExtendedTimestamp.HEADER_ID)
            instanceof X5455_ExtendedTimestamp exact
        && exact.getModifyFileTime() != null) {
      return Times.own(exact.getModifyFileTime().to(TimeUnit.SECONDS));
    }
    return Times.own(found.getTimeLocal().toEpochSecond(ZoneOffset.UTC));
  }

  /** The newest of these times, or the constant one of an image where there is none after it. */
  public long newest() throws IOException {
    long newest = FileTree.TIME;
    for (String entry : names()) {
      newest = Math.max(newest, time(entry));
    }
    return newest;
  }

  /**
   * The bytes of a file.
   *
   * @param most how many bytes it may have
   * @throws AppException if there is no such file, it is larger or it is corrupt
   */
  public byte[] read(String entry, long most) throws IOException {
    byte[] bytes = start(entry, (int) Math.min(most + 1, Integer.MAX_VALUE - 8));
    if (bytes.length > most) {
      throw new AppException("%s of %s has more than %d bytes".formatted(entry, name, most));
    }
    if (bytes.length != size(entry)) {
      throw new AppException(
          "%s of %s has %d bytes, and not the %d that the archive says"
              .formatted(entry, name, bytes.length, size(entry)));
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (crc.getValue() != find(entry).getCrc()) {
      throw new AppException("%s of %s is corrupt: wrong checksum".formatted(entry, name));
    }
    return bytes;
  }

  /** The first bytes of a file, as many as there are up to a number. */
  public byte[] start(String entry, int most) throws IOException {
    ZipArchiveEntry found = find(entry);
    if (found.getMethod() != ZipEntry.STORED && found.getMethod() != ZipEntry.DEFLATED) {
      // Those that the JVM reads; the library knows more, some by libraries that aren't there.
      throw new AppException(
          "%s of %s is compressed by method %d, which the JVM doesn't read"
              .formatted(entry, name, found.getMethod()));
    }
    try (InputStream in = zip.getInputStream(found)) {
      return in.readNBytes(most);
    } catch (IOException | RuntimeException e) {
      throw new AppException("%s of %s can't be read: %s".formatted(entry, name, e.getMessage()));
    }
  }

  private ZipArchiveEntry find(String entry) throws AppException {
    ZipArchiveEntry found = entries.get(entry);
    if (found == null) {
      throw new AppException(name + " has no " + entry);
    }
    return found;
  }

  /** Its manifest's main attributes; without one there are none. */
  public Attributes manifest() throws IOException {
    if (manifest == null) {
      manifest = new Manifest();
      if (has("META-INF/MANIFEST.MF")) {
        byte[] bytes = read("META-INF/MANIFEST.MF", MOST_OF_A_MANIFEST);
        try {
          manifest.read(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
          throw new AppException("the manifest of " + name + " is broken: " + e.getMessage());
        }
      }
    }
    return manifest.getMainAttributes();
  }

  /**
   * Its classes and other files as the JVM sees them: names without {@code META-INF/versions/N/} to
   * names in the archive, sorted.
   */
  public Map<String, String> effective() throws IOException {
    Map<String, String> effective = new TreeMap<>();
    Map<String, Integer> versions = new TreeMap<>();
    boolean multiRelease =
        Boolean.parseBoolean(String.valueOf(manifest().getValue("Multi-Release")).strip());
    for (String entry : entries.keySet()) {
      if (!entry.startsWith(VERSIONS)) {
        if (!versions.containsKey(entry)) {
          effective.put(entry, entry);
        }
        continue;
      }
      int slash = entry.indexOf('/', VERSIONS.length());
      int version = slash < 0 ? -1 : version(entry.substring(VERSIONS.length(), slash));
      if (multiRelease && version >= 9 && version <= JAVA) {
        String plain = entry.substring(slash + 1);
        if (version >= versions.getOrDefault(plain, 0)) {
          versions.put(plain, version);
          effective.put(plain, entry);
        }
      }
    }
    return effective;
  }

  private static int version(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** A file of an archive as content of an image: each reading opens the archive. */
  static Content content(Path archive, String entry, long size) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() throws IOException {
        return new ByteArrayInputStream(bytes());
      }

      @Override
      public byte[] bytes() throws IOException {
        try (Archive opened = Archive.open(archive)) {
          return opened.read(entry, size);
        }
      }
    };
  }
}

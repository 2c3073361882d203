package dev.husk.ab.host;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.LoadResponseItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Builds images for commands of this machine, from nothing but its files: the JDK with the
 * libraries that it needs, the app's files, Husk's jar, all at their own paths. The same content is
 * one image for all rounds and variants.
 */
final class Images implements AutoCloseable {
  /** Where Husk's jar is in a container. */
  static final String AGENT = "/husk/husk.jar";

  /** Parts of a JDK that no app runs with. */
  private static final Set<String> UNUSED =
      Set.of("jmods", "src.zip", "man", "demo", "include", "sample");

  /** What the C library and the JVM look at, where it is there. */
  private static final List<String> SYSTEM_FILES =
      List.of(
          "/etc/host.conf",
          "/etc/ld.so.cache",
          "/etc/localtime",
          "/etc/nsswitch.conf",
          "/etc/timezone");

  private final DockerClient client;
  private final String run;
  private final Map<String, String> labels;
  private final User user;
  private final Path directory;
  private final Map<Path, Layer> jdks = new HashMap<>();
  private final Map<List<String>, String> built = new HashMap<>();

  /** Who the app is in a container. */
  record User(long id, long group) {
    /** The user of this program, who can then look at the app's processes. */
    static User current() throws IOException {
      Path self = Path.of("/proc/self");
      return new User(
          ((Integer) Files.getAttribute(self, "unix:uid")).longValue(),
          ((Integer) Files.getAttribute(self, "unix:gid")).longValue());
    }

    @Override
    public String toString() {
      return id + ":" + group;
    }
  }

  private record Layer(FileSet files, Path tar, String digest) {}

  /**
   * Nothing is built yet.
   *
   * @param run the run's id, a part of the images' names
   * @param labels of the images
   */
  Images(DockerClient client, String run, Map<String, String> labels, User user)
      throws IOException {
    this.client = client;
    this.run = run;
    this.labels = labels;
    this.user = user;
    this.directory = Files.createTempDirectory("husk-ab-images");
  }

  /**
   * The image for a command.
   *
   * @param words of the app's command and all variables: the files that they name are in it
   * @param workingDirectory where it is run
   * @throws IOException when a file can't be read, or the engine doesn't take it
   */
  synchronized String build(Path javaHome, List<String> words, Path agent, Path workingDirectory)
      throws IOException {
    List<String> key = new ArrayList<>(words);
    key.addFirst(javaHome.toString());
    String known = built.get(key);
    if (known != null) {
      return known;
    }
    Layer jdk = jdks.get(javaHome);
    if (jdk == null) {
      jdk = write(jdkFiles(javaHome), "jdk" + jdks.size());
      jdks.put(javaHome, jdk);
    }
    FileSet appFiles = appFiles(words, agent, workingDirectory);
    appFiles.removeAll(jdk.files);
    Layer app = write(appFiles, "app");
    String image = load(jdk, app, workingDirectory);
    Files.delete(app.tar);
    built.put(key, image);
    return image;
  }

  private FileSet jdkFiles(Path javaHome) throws IOException {
    FileSet files = new FileSet();
    files.addTree(javaHome, path -> !UNUSED.contains(path.getFileName().toString()));
    addLibraries(files);
    for (String file : SYSTEM_FILES) {
      if (Files.exists(Path.of(file))) {
        files.add(Path.of(file));
      }
    }
    Path locale = Path.of("/usr/lib/locale/C.utf8");
    if (Files.exists(locale)) {
      files.addTree(locale, path -> true);
    }
    files.addDirectory("/tmp", 01777);
    files.addDirectory("/etc", 0755);
    files.addText(
        "/etc/passwd",
        "root:x:0:0:root:/root:/bin/sh\n"
            + (user.id == 0 ? "" : "app:x:" + user + ":app:/tmp:/bin/sh\n"));
    files.addText(
        "/etc/group", "root:x:0:\n" + (user.group == 0 ? "" : "app:x:" + user.group + ":\n"));
    return files;
  }

  private static FileSet appFiles(List<String> words, Path agent, Path workingDirectory)
      throws IOException {
    FileSet files = new FileSet();
    for (Path named : AppFiles.namedIn(words, workingDirectory)) {
      files.addTree(named, path -> true);
    }
    files.add(workingDirectory);
    addLibraries(files);
    files.addDirectory("/husk", 0755);
    if (Files.exists(agent)) {
      files.addCopy(AGENT, agent.toRealPath());
    }
    return files;
  }

  private static void addLibraries(FileSet files) throws IOException {
    List<Path> programs = new ArrayList<>();
    for (Path file : files.files()) {
      String name = file.getFileName().toString();
      if ((Files.isExecutable(file) || name.contains(".so")) && Elf.isElf(file)) {
        programs.add(file);
      }
    }
    for (Path library : Libraries.neededBy(programs)) {
      files.add(library);
    }
  }

  private Layer write(FileSet files, String name) throws IOException {
    Path tar = directory.resolve(name + ".tar");
    MessageDigest digest = sha256();
    try (OutputStream out = Files.newOutputStream(tar);
        DigestOutputStream digesting = new DigestOutputStream(out, digest);
        OutputStream buffered = new java.io.BufferedOutputStream(digesting, 1 << 16)) {
      files.writeTar(buffered, user.id, user.group);
    }
    return new Layer(files, tar, HexFormat.of().formatHex(digest.digest()));
  }

  /** Makes the archive that {@code docker load} takes, and has the engine take it. */
  private String load(Layer jdk, Layer app, Path workingDirectory) throws IOException {
    String config = configuration(jdk, app, workingDirectory);
    String hash =
        HexFormat.of().formatHex(sha256().digest(config.getBytes(StandardCharsets.UTF_8)));
    String image = "husk-ab:" + hash.substring(0, 12) + "-" + run;
    if (built.containsValue(image)) {
      return image;
    }
    Path archive = directory.resolve("image.tar");
    try (TarArchiveOutputStream tar = FileSet.newTar(Files.newOutputStream(archive))) {
      put(tar, hash + ".json", config);
      put(tar, "manifest.json", manifest(hash, image));
      put(tar, "jdk.tar", jdk.tar);
      put(tar, "app.tar", app.tar);
    }
    StringBuilder answer = new StringBuilder();
    try (InputStream in = Files.newInputStream(archive)) {
      client
          .loadImageAsyncCmd(in)
          .exec(
              new ResultCallback.Adapter<LoadResponseItem>() {
                @Override
                public void onNext(LoadResponseItem item) {
                  if (item.getErrorDetail() != null) {
                    answer.append(item.getErrorDetail().getMessage());
                  }
                }
              })
          .awaitCompletion();
      if (!answer.isEmpty()) {
        throw new IOException("the engine doesn't take the app's image: " + answer);
      }
      client.inspectImageCmd(image).exec();
    } catch (DockerException e) {
      throw new IOException("the engine doesn't take the app's image: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while the image was loaded");
    } finally {
      Files.delete(archive);
    }
    return image;
  }

  private String configuration(Layer jdk, Layer app, Path workingDirectory) throws IOException {
    String machine = System.getProperty("os.arch");
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("created", "1970-01-01T00:00:00Z");
      json.writeStringField("architecture", machine.equals("aarch64") ? "arm64" : machine);
      json.writeStringField("os", "linux");
      json.writeObjectFieldStart("config");
      json.writeArrayFieldStart("Env");
      json.writeString("PATH=/usr/bin:/bin");
      json.writeString("LANG=C.UTF-8");
      json.writeEndArray();
      json.writeStringField("WorkingDir", workingDirectory.toString());
      json.writeStringField("User", user.toString());
      json.writeObjectFieldStart("Labels");
      for (Map.Entry<String, String> label : new java.util.TreeMap<>(labels).entrySet()) {
        json.writeStringField(label.getKey(), label.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeObjectFieldStart("rootfs");
      json.writeStringField("type", "layers");
      json.writeArrayFieldStart("diff_ids");
      json.writeString("sha256:" + jdk.digest);
      json.writeString("sha256:" + app.digest);
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static String manifest(String hash, String image) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      json.writeStartObject();
      json.writeStringField("Config", hash + ".json");
      json.writeArrayFieldStart("RepoTags");
      json.writeString(image);
      json.writeEndArray();
      json.writeArrayFieldStart("Layers");
      json.writeString("jdk.tar");
      json.writeString("app.tar");
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
    }
    return text.toString();
  }

  private static void put(TarArchiveOutputStream tar, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, String name, Path file) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(file));
    tar.putArchiveEntry(entry);
    Files.copy(file, tar);
    tar.closeArchiveEntry();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Where it keeps files while it builds. */
  Path directory() {
    return directory;
  }

  /** Removes all images that it has built. */
  @Override
  public synchronized void close() {
    for (String image : new LinkedHashMap<>(built).values().stream().distinct().toList()) {
      try {
        client.removeImageCmd(image).withForce(true).exec();
      } catch (RuntimeException e) {
        // Gone, or the engine is: the next run looks for what was left behind.
      }
    }
    built.clear();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // Files in the temporary directory stay behind.
    }
  }
}

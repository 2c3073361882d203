package program;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.URI;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.text.NumberFormat;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.prefs.Preferences;
import javax.net.ssl.SSLContext;
import javax.xml.parsers.DocumentBuilderFactory;

/**
 * Tells what a program sees of the system below it, in lines that are the same on each system that
 * behaves as a Linux machine does, and ends with status 7.
 */
final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    say("arguments", String.join("|", args));
    say("GREETING", System.getenv("GREETING"));
    settings();
    files();
    kernel();
    network();
    library();
    Thread failing = new Thread(Main::fail, "failing");
    failing.start();
    failing.join();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print("the hook ran")));
    System.out.print("no line break before the end|");
    System.exit(7);
  }

  private static void say(String what, Object value) {
    System.out.println(what + ": " + value);
  }

  private static void fail() {
    throw new IllegalStateException("on purpose");
  }

  private static void settings() throws IOException {
    say("locale", Locale.getDefault());
    say("time zone", TimeZone.getDefault().getID());
    for (String name :
        List.of(
            "file.encoding",
            "native.encoding",
            "stdout.encoding",
            "sun.jnu.encoding",
            "java.io.tmpdir",
            "line.separator",
            "os.name",
            "os.arch",
            "java.version",
            "java.vm.name",
            "java.vendor")) {
      say(name, System.getProperty(name).replace("\n", "\\n"));
    }
    Path here = Path.of("").toAbsolutePath();
    say("user.dir is here", here.equals(Path.of(System.getProperty("user.dir"))));
    say("home is a directory", Files.isDirectory(Path.of(System.getProperty("user.home"))));
    if (System.getenv("INPUT") != null) {
      say("console", System.console());
      say("standard input", System.in.read());
    }
  }

  private static void files() throws Exception {
    say("jar of", Files.getLastModifiedTime(Path.of("program.jar")));
    Path directory = Files.createDirectories(Path.of("data/grüße"));
    Path file = directory.resolve("fünf.txt");
    Files.writeString(file, "one\n");
    Files.writeString(file, "two\n", StandardOpenOption.APPEND);
    say("lines", Files.readAllLines(file));
    say("permissions", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    say("changed", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Path link = Files.createSymbolicLink(directory.resolve("link"), file.getFileName());
    say("link", Files.readSymbolicLink(link) + " " + Files.isSameFile(link, file));
    Files.createLink(directory.resolve("hard"), file);
    say("links", Files.getAttribute(file, "unix:nlink"));
    Path moved = Files.move(file, directory.resolve("moved"), StandardCopyOption.ATOMIC_MOVE);
    try (var all = Files.list(directory)) {
      say("files", all.map(path -> path.getFileName().toString()).sorted().toList());
    }
    Path temporary = Files.createTempFile("program", ".tmp");
    say("temporary", temporary.getParent() + " " + Files.size(temporary));
    temporary.toFile().deleteOnExit();
    try (RandomAccessFile sparse = new RandomAccessFile(temporary.toFile(), "rw");
        FileChannel channel = sparse.getChannel();
        FileLock lock = channel.tryLock()) {
      sparse.setLength(1 << 24);
      MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 1 << 20, 4096);
      map.put(0, (byte) 42);
      map.force();
      sparse.seek(1 << 20);
      say("mapped", sparse.read() + " " + lock.isValid() + " " + Files.size(temporary));
    }
    say("space", Files.getFileStore(moved).getUsableSpace() > 1 << 20);
    try {
      Files.createFile(Path.of("/proc/nothing"));
    } catch (IOException e) {
      say("refused", e.getClass().getSimpleName());
    }
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Files.createFile(directory.resolve("new"));
      WatchKey key = watch.poll(10, TimeUnit.SECONDS);
      say("watched", key == null ? null : key.pollEvents().getFirst().context());
    }
  }

  private static void kernel() throws Exception {
    say("a process", ProcessHandle.current().isAlive());
    say("command", Path.of(ProcessHandle.current().info().command().orElse("")).getFileName());
    say("status", Files.readAllLines(Path.of("/proc/self/status")).getFirst());
    say("descriptors", Files.exists(Path.of("/proc/self/fd/1")));
    say("processors", Runtime.getRuntime().availableProcessors() > 0);
    byte[] random = new byte[8];
    try (InputStream in = Files.newInputStream(Path.of("/dev/urandom"))) {
      say(
          "random",
          in.readNBytes(random, 0, 8) + " " + SecureRandom.getInstanceStrong().nextInt(1));
    }
    long start = System.nanoTime();
    Thread.sleep(30);
    long slept = (System.nanoTime() - start) / 1_000_000;
    say("slept", slept >= 30);
    say("this century", LocalDate.now(ZoneId.systemDefault()).getYear() / 100);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      say("virtual", executor.submit(() -> Thread.currentThread().isVirtual()).get());
    }
  }

  private static void network() throws IOException {
    say("localhost", InetAddress.getAllByName("localhost")[0]);
    say("loopback", InetAddress.getLoopbackAddress().isReachable(1000));
    say("own name", InetAddress.getLocalHost().getHostName().isEmpty());
  }

  private static void library() throws Exception {
    say("digits", NumberFormat.getInstance(Locale.GERMANY).format(1234.5));
    DateTimeFormatter full = DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL);
    say("day", full.withLocale(Locale.FRANCE).format(LocalDate.of(2026, 7, 14)));
    ZonedDateTime summer = ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, ZoneId.of("Europe/Berlin"));
    say("summer", summer);
    say(
        "characters",
        new String(new byte[] {(byte) 0x82, (byte) 0xa0}, Charset.forName("Shift_JIS")));
    say("TLS", SSLContext.getDefault().getProtocol());
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(generator.generateKeyPair().getPrivate());
    say("signed", signature.sign().length > 60);
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream("<a><b>text</b></a>".getBytes(StandardCharsets.UTF_8)));
    say("XML", document.getDocumentElement().getTextContent());
    Path zip = Path.of("data/archive.zip").toAbsolutePath();
    URI uri = URI.create("jar:" + zip.toUri());
    try (FileSystem archive = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
      Files.writeString(archive.getPath("entry"), "packed");
      say("zip", Files.readString(archive.getPath("entry")));
    }
    say("beans", ManagementFactory.getPlatformMBeanServer().getDefaultDomain().isEmpty());
    say("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() > 0);
    Preferences preferences = Preferences.userRoot().node("husk-program");
    preferences.put("key", "value");
    preferences.flush();
    say("preferences", preferences.get("key", null));
    preferences.removeNode();
  }
}

package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.kernel.Kernels;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong, and what is said of it: by {@code husk pack} and {@code husk boot} as a user
 * types them. Each fault has a message and a status, and leaves nothing behind.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class FaultsTest {
  private static final int NO_STATUS = 125;

  /** Of a block of the root file system one half is kept as it is, and can be found. */
  private static final int HALF_BLOCK = 64 << 10;

  /** One image for all: what goes wrong in it is told by a variable. */
  @TempDir private static Path shared;

  private static byte[] payload;
  private static Path jar;
  private static Path image;
  private static Path cache;
  private static long packed;

  @TempDir private Path folder;
  private Path temporary;
  private Path log;

  @BeforeAll
  static void pack() throws Exception {
    Needs.program("qemu-system-x86_64");
    jar = FaultyApp.jar(shared.resolve("faulty.jar"));
    payload = new byte[4 * HALF_BLOCK];
    byte[] half = new byte[HALF_BLOCK];
    new Random(7).nextBytes(half);
    System.arraycopy(half, 0, payload, 0, HALF_BLOCK);
    System.arraycopy(half, 0, payload, 2 * HALF_BLOCK, HALF_BLOCK);
    Files.write(shared.resolve("payload"), payload);
    image = shared.resolve("faulty.img");
    cache = shared.resolve("cache");
    seed(cache.resolve("husk/blocks"));
    packed = System.currentTimeMillis();
    Path output = shared.resolve("pack.log");
    Process pack = Husk.command(packing(image)).cache(cache).start(output);
    assertEquals(0, pack.waitFor(), () -> Husk.text(output));
  }

  /** What the JDK's large files compress to takes long to make, and may be known from before. */
  private static void seed(Path blocks) throws IOException {
    Files.createDirectories(blocks);
    Path known = Kernels.defaultCache().resolve("blocks");
    if (Files.isDirectory(known)) {
      for (Path entry : entries(known)) {
        if (entry.toString().endsWith(".blocks")) {
          Files.copy(
              entry, blocks.resolve(entry.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static long modified(Path path) {
    return path.toFile().lastModified();
  }

  @BeforeEach
  void directories() throws IOException {
    temporary = Files.createDirectory(folder.resolve("tmp"));
    log = folder.resolve("log");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertEquals(List.of(), list(temporary), () -> Husk.text(log));
  }

  @Test
  void aLibraryThatLacksAnotherIsNamed() throws Exception {
    Path lacking = FaultyApp.withLibrary(folder.resolve("native.jar"), "libnet.so", "libxyz.so");
    assertEquals(0, check(lacking), () -> Husk.text(log));
    assertSays("libxyz.so needed by libnio.so of native.jar isn't there");
  }

  @Test
  void aClassThatIsTooNewIsNamed() throws Exception {
    Path newer = FaultyApp.ofVersion(folder.resolve("newer.jar"), 99);
    Path to = Files.createDirectory(folder.resolve("to"));
    assertEquals(1, pack(List.of("pack", newer.toString(), "-o", to.resolve("x.img").toString())));
    assertSays(
        "husk: class app.Faulty (newer.jar) has class file version 99.0: it was compiled for Java"
            + " 55, and images run Java 25");
    assertEquals(List.of(), list(to));
  }

  /** The image is made: elsewhere the app may have what it lacks here. */
  @Test
  void aTrainingThatTheAppFailsInIsTold() throws Exception {
    List<String> words = packing(folder.resolve("x.img"));
    words.remove("--no-training");
    words.add("--env=FAULT=throw");
    for (int i = 0; i < 2; i++) { // Its cache isn't kept.
      assertEquals(0, pack(words), () -> Husk.text(log));
      assertSays(
          "husk: the training saw a run that failed: the app ended with status 1; what the app"
              + " printed: "
              + cache.resolve("husk/training.log"));
    }
    assertTrue(Husk.text(cache.resolve("husk/training.log")).contains("thrown on purpose"));
  }

  @Test
  void aKernelThatIsNoneIsNamed() throws Exception {
    Path to = Files.createDirectory(folder.resolve("to"));
    List<String> words = packing(to.resolve("x.img"));
    words.removeIf(word -> word.startsWith("--kernel="));
    words.add("--kernel=" + jar);
    assertEquals(1, pack(words));
    assertSays("faulty.jar: not a Linux kernel, but a zip or jar file");
    assertEquals(List.of(), list(to));
  }

  /** In a file system of its own that is too small for the image. */
  @Test
  void aFullDiskLeavesNoFile() throws Exception {
    Path full = Files.createDirectory(folder.resolve("full"));
    List<String> words = packing(full.resolve("x.img"));
    words.add("--output=" + full.resolve("x.tar"));
    String script =
        "mount -t tmpfs -o size=20m tmpfs %s && (eval \"$1\"; echo status $?; ls -A %s | sed 's/^/left: /')"
            .formatted(full, full);
    Process pack =
        Husk.command(words)
            .cache(cache)
            .temporary(temporary)
            .by("unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh")
            .start(log);
    pack.waitFor();
    assertSays("x.img can't be written: No space left on device\nstatus 1\n");
    assertFalse(Husk.text(log).contains("left: "), () -> Husk.text(log));
  }

  @Test
  void anInterruptedPackLeavesNoFile() throws Exception {
    Path to = Files.createDirectory(folder.resolve("to"));
    Process pack =
        Husk.command(packing(to.resolve("x.img"))).cache(cache).temporary(temporary).start(log);
    awaitThat(() -> !list(to).isEmpty(), pack);
    pack.destroy();
    assertTrue(pack.waitFor(20, TimeUnit.SECONDS));
    assertEquals(143, pack.exitValue(), () -> Husk.text(log));
    assertEquals(List.of(), list(to));
  }

  /** A damaged block of a file, a cut JDK, a damaged kernel: none is used, all are made again. */
  @Test
  void whatIsDamagedInTheCacheIsMadeAgain() throws Exception {
    boot(List.of("--memory=48M")); // Unpacks the kernel.
    Path blocks =
        entries(cache.resolve("husk/blocks")).stream()
            .filter(entry -> modified(entry) >= packed)
            .min(Comparator.comparingLong(entry -> entry.toFile().length()))
            .orElseThrow();
    Path kernel = one(cache.resolve("husk/unpacked")).resolve("vmlinux");
    Path modules = one(cache.resolve("husk/runtimes")).resolve("jdk/lib/modules");
    Map<Path, byte[]> whole = new HashMap<>();
    for (Path path : List.of(blocks, kernel, modules)) {
      whole.put(path, Files.readAllBytes(path));
    }
    flip(blocks, blocks.toFile().length() / 2);
    flip(kernel, kernel.toFile().length() / 2);
    Files.write(modules, Arrays.copyOf(whole.get(modules), 1 << 20));

    Path again = folder.resolve("again.img");
    assertEquals(0, pack(packing(again)), () -> Husk.text(log));
    assertEquals(-1, Files.mismatch(image, again), "the same app makes the same image");
    assertEquals(NO_STATUS, boot(again, List.of("--memory=48M")), () -> Husk.text(log));
    for (Map.Entry<Path, byte[]> entry : whole.entrySet()) {
      assertArrayEquals(
          entry.getValue(), Files.readAllBytes(entry.getKey()), () -> entry.getKey().toString());
    }
  }

  @Test
  void anImageThatIsCutOffIsNoImage() throws Exception {
    Path cut = Files.copy(image, folder.resolve("cut.img"));
    try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
    assertEquals(1, boot(cut, List.of()));
    assertSays("cut.img is no image of Husk's: ");
  }

  /** The kernel, too, takes the one at the end of the disk. */
  @Test
  @EnabledIfSystemProperty(named = "husk.long", matches = "true")
  void aDamagedTableOfPartitionsHasABackup() throws Exception {
    assertEquals(3, boot(damaged(512 + 16), List.of()));
    assertSays("husk: exited with status 3\n");
  }

  /** The kernel's lines and the app's exception are on the console; nothing hangs. */
  @Test
  void aDamagedBlockIsAnErrorOfTheFile() throws Exception {
    String bytes = Files.readString(image, StandardCharsets.ISO_8859_1);
    int content = bytes.indexOf(new String(payload, 0, 1024, StandardCharsets.ISO_8859_1));
    assertTrue(content > 0, "the payload isn't in the image");
    // LZ4 says how many bytes it leaves as they are: 15 in the upper half of a byte, and the rest
    // in
    // bytes of 255 each but for the last.
    int token = content - 2;
    while (bytes.charAt(token) == 255) {
      token--;
    }
    assertEquals(15, bytes.charAt(token) >> 4, "the payload's first block doesn't begin before it");
    assertEquals(1, boot(damaged(token), List.of("--append=FAULT=read")));
    assertSays("SQUASHFS error: ");
    assertSays("java.io.IOException: Input/output error");
    assertSays("husk: exited with status 1\n");
  }

  @Test
  @EnabledIfSystemProperty(named = "husk.long", matches = "true")
  void whatMainThrowsIsOnTheConsoleAndStatus1() throws Exception {
    assertEquals(1, boot(List.of("--append=FAULT=throw")));
    assertSays("Exception in thread \"main\" java.lang.IllegalStateException: thrown on purpose");
    assertSays("husk: exited with status 1\n");
  }

  @Test
  void theReasonOfAPanicIsToldByTheHost() throws Exception {
    assertEquals(NO_STATUS, boot(List.of("--append=FAULT=panic")));
    assertSays("Kernel panic - not syncing: sysrq triggered crash");
    assertSays("\nhusk: the guest's kernel panicked: sysrq triggered crash\n");
  }

  @Test
  void aMemoryThatTheKernelFillsIsRefused() throws Exception {
    assertEquals(NO_STATUS, boot(List.of("--memory=48M")));
    assertTrue(
        Husk.text(log)
            .matches(
                "husk: 48 MB are too little: the kernel and its initramfs alone take \\d+ MB;"
                    + " --memory gives more\n"),
        () -> Husk.text(log));
  }

  /** Without more, such a guest would read the same pages of the JVM again for minutes. */
  @Test
  void aMemoryThatTheJvmDoesNotStartInIsTheReason() throws Exception {
    assertEquals(128 + 9, boot(List.of("--memory=80M")), () -> Husk.text(log));
    assertSays(
        "husk: the guest had no memory left for the app; it had 80 MB, and --memory gives it");
  }

  @Test
  void aMemoryThatTheKernelDoesNotStartInIsTheReason() throws Exception {
    assertEquals(NO_STATUS, boot(List.of("--memory=66M")));
    assertSays("husk: the guest's kernel panicked: ");
    assertSays("; it had 66 MB, and --memory gives it more\n");
  }

  @Test
  void anInterruptAtTheTerminalLetsTheAppEnd() throws Exception {
    ProcessBuilder builder =
        booting(List.of("--append=FAULT=wait"))
            .by(Needs.program("script").toString(), "-qe", "/dev/null", "-c")
            .builder();
    Process terminal = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try (OutputStream keys = terminal.getOutputStream()) {
      awaitThat(() -> Husk.text(log).contains("\nwaiting\n"), terminal);
      keys.write(3);
      keys.flush();
      assertTrue(terminal.waitFor(30, TimeUnit.SECONDS), () -> Husk.text(log));
    } finally {
      end(terminal);
    }
    assertSays("\nthe hook ran\n");
    assertSays("husk: exited with status 143\n");
    assertEquals(130, terminal.exitValue(), () -> Husk.text(log));
  }

  @Test
  void aQemuThatIsKilledIsToldOf() throws Exception {
    Process boot = booting(List.of("--append=FAULT=wait")).start(log);
    try {
      awaitThat(() -> qemu(boot) != null, boot);
      qemu(boot).destroyForcibly();
      assertTrue(boot.waitFor(20, TimeUnit.SECONDS), () -> Husk.text(log));
    } finally {
      end(boot);
    }
    assertEquals(NO_STATUS, boot.exitValue(), () -> Husk.text(log));
    assertSays("husk: QEMU was killed by signal 9, and the guest with it\n");
  }

  @Test
  @EnabledIfSystemProperty(named = "husk.long", matches = "true")
  void withoutANetworkDeviceTheAppStarts() throws Exception {
    assertEquals(3, boot(List.of("--no-network", "--append=husk.ip=10.0.2.15/24")));
    assertSays("husk: network: there is no Ethernet device; starting with loopback only\n");
    assertSays("husk: exited with status 3\n");
  }

  /** One of the JDK that tests run on: the image's has other modules, and Husk in it. */
  @Test
  @EnabledIfSystemProperty(named = "husk.long", matches = "true")
  void theAotCacheOfAnotherJvmIsNotUsed() throws Exception {
    Path foreign = folder.resolve("foreign.aot");
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    Process training =
        Husk.started(
            new ProcessBuilder(
                java, "-XX:AOTCacheOutput=" + foreign, "-cp", jar.toString(), "app.Faulty"),
            log,
            false);
    assertEquals(3, training.waitFor(), () -> Husk.text(log));
    assertTrue(Files.exists(foreign), () -> Husk.text(log));
    Path toml = folder.resolve("husk.toml");
    Files.writeString(toml, "include = ['foreign.aot:aot/app.aot']\n");
    Path with = folder.resolve("with.img");
    List<String> words = packing(with);
    words.add("--config=" + toml);
    words.add("--jvm-opt=-XX:AOTCache=/aot/app.aot");
    assertEquals(0, pack(words), () -> Husk.text(log));
    assertEquals(3, boot(with, List.of()));
    assertSays("[aot] ");
    assertSays("fault: none\n");
  }

  /** The kernel kills the JVM, which is the largest that there is. */
  @Test
  @EnabledIfSystemProperty(named = "husk.long", matches = "true")
  void aMemoryThatTheAppFillsIsTheReason() throws Exception {
    assertEquals(
        128 + 9, boot(List.of("--memory=160M", "--append=FAULT=fill")), () -> Husk.text(log));
    assertSays("husk: killed by signal 9\n");
    assertSays("\nhusk: the guest had no memory left for the app; it had 160 MB, and --memory");
  }

  private static List<String> packing(Path to) {
    List<String> words = new ArrayList<>(List.of("pack", jar.toString(), "--output=" + to));
    words.add("--no-training");
    words.add("--file=" + shared.resolve("payload"));
    Path kernel = Needs.kernel();
    if (kernel != null) {
      words.add("--kernel=" + kernel);
    }
    return words;
  }

  private int check(Path app) throws Exception {
    return Husk.command(List.of("check", app.toString())).temporary(temporary).start(log).waitFor();
  }

  private int pack(List<String> words) throws Exception {
    return Husk.command(words).cache(cache).temporary(temporary).start(log).waitFor();
  }

  private int boot(List<String> options) throws Exception {
    return boot(image, options);
  }

  private int boot(Path what, List<String> options) throws Exception {
    Process boot = booting(what, options).start(log);
    try {
      assertTrue(boot.waitFor(2, TimeUnit.MINUTES), () -> Husk.text(log));
      return boot.exitValue();
    } finally {
      end(boot);
    }
  }

  private Husk booting(List<String> options) {
    return booting(image, options);
  }

  private Husk booting(Path what, List<String> options) {
    List<String> words = new ArrayList<>(List.of("boot", what.toString()));
    words.addAll(options);
    return Husk.command(words).cache(cache).temporary(temporary);
  }

  /** What a test that failed has left running. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static ProcessHandle qemu(Process boot) {
    return boot.descendants()
        .filter(child -> child.info().command().orElse("").contains("qemu-system"))
        .findFirst()
        .orElse(null);
  }

  private Path damaged(long at) throws IOException {
    Path damaged = Files.copy(image, folder.resolve("damaged.img"));
    flip(damaged, at);
    return damaged;
  }

  private static void flip(Path path, long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int was = file.read();
      file.seek(at);
      file.write(~was);
    }
  }

  private void assertSays(String text) {
    assertTrue(Husk.text(log).contains(text), () -> text + " is missing in:\n" + Husk.text(log));
  }

  /** What holds sooner or later. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private void awaitThat(Condition condition, Process process) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.holds()) {
      assertTrue(process.isAlive(), () -> Husk.text(log));
      assertTrue(System.nanoTime() < end, () -> Husk.text(log));
      Thread.sleep(20);
    }
  }

  private static Path one(Path directory) throws IOException {
    List<Path> all = entries(directory);
    assertEquals(1, all.size(), all::toString);
    return all.getFirst();
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.sorted().toList();
    }
  }

  /** The names in a directory, but for what a JVM keeps there about itself. */
  private static List<String> list(Path directory) throws IOException {
    return entries(directory).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> !name.startsWith("hsperfdata"))
        .toList();
  }
}

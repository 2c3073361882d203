package dev.husk.image.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeClosureTest {
  private static final Path ROOT = Path.of("/");

  @TempDir Path scratch;

  private static SearchPath system() throws IOException {
    return SearchPath.of(ROOT, ElfFile.read(Jdk.HOME.resolve("bin/java")));
  }

  private static List<NativeFile> jvm(String... libraries) throws IOException {
    List<NativeFile> files = new ArrayList<>();
    files.add(NativeFile.of(Jdk.HOME.resolve("bin/java")));
    files.add(NativeFile.of(Jdk.lib("server/libjvm.so")));
    for (String library : libraries) {
      files.add(NativeFile.of(Jdk.lib(library)));
    }
    return files;
  }

  @Test
  void theJvmBringsTheCLibraryAndNothingIsMissing() throws IOException {
    NativeClosure closure =
        NativeClosure.of(
            jvm("libjava.so", "libnio.so", "libnet.so", "libzip.so", "libjimage.so"), system());
    assertEquals(List.of(), closure.missing());
    Set<String> names = new TreeSet<>();
    closure.added().forEach(file -> names.add(String.valueOf(file.elf().soname())));
    assertTrue(names.containsAll(Set.of("libjli.so", "libc.so.6", "libm.so.6")), names::toString);
    assertTrue(names.stream().anyMatch(name -> name.startsWith("ld-linux-")), names::toString);
    // Nobody in the JVM cancels threads, and name services are a part of glibc since 2.34.
    assertFalse(names.contains("libgcc_s.so.1"), names::toString);
    for (NativeClosure.Member member : closure.members()) {
      if (member.file().name().endsWith("/libjli.so")) {
        assertEquals("needed by " + Jdk.HOME.resolve("bin/java"), member.reason());
      }
    }
  }

  @Test
  void findsTheFilesThatTheDynamicLinkerFinds() throws IOException {
    Pattern found = Pattern.compile("(?:=> )?(/\\S+) \\(0x");
    for (String program : List.of("/bin/ls", "/bin/bash", "/usr/bin/readelf", "/usr/bin/git")) {
      if (!Files.exists(Path.of(program))) {
        continue;
      }
      Set<Path> expected = new TreeSet<>();
      for (String line : Tool.run("ldd", program)) {
        Matcher matcher = found.matcher(line);
        if (matcher.find()) {
          expected.add(Path.of(matcher.group(1)).toRealPath());
        }
      }
      NativeFile file = NativeFile.of(Path.of(program));
      NativeClosure closure = NativeClosure.of(List.of(file), SearchPath.of(ROOT, file.elf()));
      Set<Path> actual = new TreeSet<>();
      for (NativeClosure.Member member : closure.members()) {
        if (!member.reason().isEmpty() && !member.reason().startsWith("opened by glibc")) {
          actual.add(path(member.file()).toRealPath());
        }
      }
      assertEquals(expected, actual, program);
      assertEquals(List.of(), closure.missing(), program);
    }
  }

  private static Path path(NativeFile file) {
    Path path = file.path();
    assertTrue(path != null, file.name());
    return path;
  }

  @Test
  void tellsMissingVersionsAndSymbols() throws IOException {
    Assumptions.assumeTrue(machine() == Machine.X86_64, "versions of glibc differ by machine");
    byte[] bytes = Files.readAllBytes(Jdk.lib("libnio.so"));
    replace(bytes, "GLIBC_2.14", "GLIBC_9.14");
    replace(bytes, "NET_SetSockOpt", "NET_SetSockOpx");
    List<NativeFile> files = jvm("libjava.so", "libnet.so");
    files.add(new NativeFile("libnio.so of y.jar", null, ElfFile.read("libnio.so", bytes)));
    assertEquals(
        List.of(
            "GLIBC_9.14 of libc.so.6 needed by libnio.so of y.jar isn't there: memcpy",
            "NET_SetSockOpx needed by libnio.so of y.jar is defined by no library that it may use"),
        NativeClosure.of(files, system()).missing().stream().map(Missing::toString).toList());
  }

  private static void replace(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\0" + from + "\0");
    assertTrue(at > 0, from);
    byte[] with = to.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(with, 0, bytes, at + 1, with.length);
  }

  @Test
  void tellsMissingLibrariesOnceForEachThatNeedsThem() throws IOException {
    SearchPath nothing =
        new SearchPath(false, machine(), scratch, List.of(), List.of(), List.of(scratch));
    Files.writeString(scratch.resolve("libdl.so.2"), "a linker script, say");
    NativeFile file = new NativeFile("libextnet.so of y.jar", null, elf("libextnet.so"));
    List<String> missing =
        NativeClosure.of(List.of(file), nothing).missing().stream().map(Missing::toString).toList();
    assertEquals(file.elf().needed().size(), missing.size(), missing::toString);
    assertTrue(
        missing.contains("libc.so.6 needed by libextnet.so of y.jar isn't there"),
        missing::toString);
    NativeFile program =
        new NativeFile(
            "x", null, file("/lib/ld.so.9", List.of("libdl.so.2"), List.of(), List.of()));
    assertEquals(
        List.of(
            "/lib/ld.so.9 needed by x isn't there",
            "libdl.so.2 needed by x isn't there (%s is not an ELF file)"
                .formatted(scratch.resolve("libdl.so.2"))),
        NativeClosure.of(List.of(program), nothing).missing().stream()
            .map(Missing::toString)
            .toList());
  }

  private static ElfFile elf(String library) throws IOException {
    return ElfFile.read(Jdk.lib(library));
  }

  private static Machine machine() throws IOException {
    return elf("libjava.so").machine();
  }

  private static ElfFile file(
      @Nullable String interpreter, List<String> needed, List<String> rpath, List<String> runpath)
      throws IOException {
    return new ElfFile(
        machine(),
        interpreter,
        null,
        needed,
        rpath,
        runpath,
        false,
        List.of(),
        List.of(),
        List.of(),
        null,
        null);
  }

  /** A file with no needs. */
  private Path library(String path) throws IOException {
    Path file = scratch.resolve(path);
    Files.createDirectories(file.getParent());
    byte[] bytes = Arrays.copyOf(Files.readAllBytes(Jdk.lib("libjimage.so")), 64);
    Arrays.fill(bytes, 32, 40, (byte) 0);
    Arrays.fill(bytes, 56, 58, (byte) 0);
    return Files.write(file, bytes);
  }

  private static @Nullable Path found(NativeFile by, SearchPath searchPath) throws IOException {
    List<NativeFile> added = NativeClosure.of(List.of(by), searchPath).added();
    return added.isEmpty() ? null : added.getFirst().path();
  }

  @Test
  void searchesInTheOrderOfTheDynamicLinker() throws IOException {
    Path beside = library("app/lib/libx.so");
    Path named = library("env/libx.so");
    Path configured = library("conf/libx.so");
    Path usual = library("usr/lib/libx.so");
    Path app = scratch.resolve("app/run");
    Path conf = Files.createDirectories(scratch.resolve("etc/ld.so.conf.d"));
    Files.writeString(
        scratch.resolve("etc/ld.so.conf"), "# all\ninclude ld.so.conf.d/*.conf\nhwcap 0 x\n");
    Files.writeString(conf.resolve("a.conf"), "  /conf # here\n");
    Files.writeString(conf.resolve("b.txt"), "/not\n");
    SearchPath plain = SearchPath.glibc(scratch, machine());
    assertEquals(List.of(scratch.resolve("conf")), plain.configured());
    SearchPath withEnv = plain.withLibraryPath(List.of(scratch.resolve("env")));
    List<String> needed = List.of("libx.so");
    List<String> origin = List.of("$ORIGIN/lib");
    NativeFile rpath = new NativeFile("x", app, file(null, needed, origin, List.of()));
    NativeFile runpath = new NativeFile("x", app, file(null, needed, List.of(), origin));
    NativeFile none = new NativeFile("x", app, file(null, needed, List.of(), List.of()));
    NativeFile both =
        new NativeFile("x", app, file(null, needed, List.of("/env"), List.of("${ORIGIN}/../none")));
    assertEquals(beside, found(rpath, withEnv));
    assertEquals(named, found(runpath, withEnv));
    assertEquals(beside, found(runpath, plain));
    assertEquals(configured, found(none, plain));
    assertEquals(configured, found(both, plain));
    Files.delete(configured);
    assertEquals(usual, found(none, plain));
    SearchPath musl = SearchPath.musl(scratch, machine()).withLibraryPath(withEnv.libraryPath());
    assertEquals(named, found(rpath, musl));
    assertEquals(beside, found(runpath, SearchPath.musl(scratch, machine())));
  }

  @Test
  void muslIsItsOwnInterpreterAndLibraries() throws IOException {
    String name = "/lib/ld-musl-" + machine().platform() + ".so.1";
    Path interpreter = library(name.substring(1));
    Files.createDirectories(scratch.resolve("etc"));
    Files.writeString(
        scratch.resolve("etc/ld-musl-" + machine().platform() + ".path"), "/a:/b\n/c\n");
    ElfFile elf =
        file(
            name,
            List.of("libc.musl-" + machine().platform() + ".so.1", "libpthread.so.0"),
            List.of(),
            List.of());
    SearchPath searchPath = SearchPath.of(scratch, elf);
    assertEquals(
        List.of(scratch.resolve("a"), scratch.resolve("b"), scratch.resolve("c")),
        searchPath.defaults());
    NativeClosure closure = NativeClosure.of(List.of(new NativeFile("run", null, elf)), searchPath);
    assertEquals(List.of(), closure.missing());
    assertEquals(List.of(interpreter), closure.added().stream().map(NativeFile::path).toList());
  }

  @Test
  void bringsWhatOldGlibcOpensByItself() throws IOException {
    library("lib/libnss_dns.so.2");
    library("lib/libnss_files.so.2");
    library("lib/libgcc_s.so.1");
    SearchPath searchPath = SearchPath.glibc(scratch, machine());
    NativeFile caller = new NativeFile("caller", null, calls("getaddrinfo"));
    NativeFile canceller = new NativeFile("canceller", null, calls("pthread_exit"));
    NativeFile oldLibc = new NativeFile("libc", null, libc("GLIBC_2.33"));
    NativeFile newLibc = new NativeFile("libc", null, libc("GLIBC_2.34"));
    assertEquals(
        List.of(
            "opened by glibc for getaddrinfo, which caller calls",
            "opened by glibc for getaddrinfo, which caller calls"),
        reasons(NativeClosure.of(List.of(oldLibc, caller), searchPath)));
    assertEquals(List.of(), reasons(NativeClosure.of(List.of(newLibc, caller), searchPath)));
    assertEquals(
        List.of("opened by glibc for pthread_exit, which canceller calls"),
        reasons(NativeClosure.of(List.of(newLibc, canceller), searchPath)));
  }

  private static List<String> reasons(NativeClosure closure) {
    return closure.members().stream()
        .map(NativeClosure.Member::reason)
        .filter(reason -> !reason.isEmpty())
        .toList();
  }

  private static ElfFile calls(String name) throws IOException {
    Symbol symbol = new Symbol(name, Symbol.Binding.WEAK, false, null, null, false);
    return new ElfFile(
        machine(),
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        false,
        List.of(symbol),
        List.of(),
        List.of(),
        null,
        null);
  }

  private static ElfFile libc(String version) throws IOException {
    return new ElfFile(
        machine(),
        null,
        "libc.so.6",
        List.of(),
        List.of(),
        List.of(),
        false,
        List.of(),
        List.of(),
        List.of(version),
        null,
        null);
  }
}

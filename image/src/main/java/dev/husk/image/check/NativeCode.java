package dev.husk.image.check;

import dev.husk.image.check.NativeLibrary.Bypass;
import dev.husk.image.check.NativeLibrary.Seam;
import dev.husk.image.elf.ElfFile;
import dev.husk.image.elf.NativeFile;
import dev.husk.image.elf.Symbol;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A native library in a jar, with all that its ELF says. */
record NativeCode(NativeLibrary library, NativeFile file) {
  /** The C library in its parts, which each system gives versions of its own. */
  private static final Pattern LIBC = Pattern.compile("lib(c|m|dl|thr)\\.(so|musl-).*");

  private static final Set<String> OF_GLIBC = Set.of("libc.so.6", "libm.so.6", "libdl.so.2");
  private static final Set<String> OF_MUSL = Set.of("libc.so", "libm.so");

  private static final Map<Seam, Set<String>> FUNCTIONS = new EnumMap<>(Seam.class);

  static {
    FUNCTIONS.put(
        Seam.SOCKETS,
        Set.of(
            "socket",
            "connect",
            "bind",
            "listen",
            "accept",
            "accept4",
            "epoll_create",
            "epoll_create1",
            "epoll_wait",
            "epoll_pwait",
            "epoll_pwait2",
            "recvfrom",
            "recvmsg",
            "recvmmsg",
            "sendto",
            "sendmsg",
            "sendmmsg",
            "io_uring_queue_init",
            "io_uring_submit"));
    FUNCTIONS.put(Seam.THREADS, Set.of("pthread_create", "thrd_create", "clone"));
    FUNCTIONS.put(
        Seam.MEMORY,
        Set.of(
            "malloc",
            "calloc",
            "realloc",
            "posix_memalign",
            "aligned_alloc",
            "memalign",
            "mmap",
            "mmap64",
            "_Znwm",
            "_Znam"));
    FUNCTIONS.put(
        Seam.PROCESSES,
        Set.of(
            "fork",
            "vfork",
            "execve",
            "execv",
            "execvp",
            "posix_spawn",
            "posix_spawnp",
            "system",
            "popen"));
  }

  static NativeCode of(String jar, String entry, ElfFile elf) {
    NativeLibrary library =
        new NativeLibrary(jar, entry, isJni(elf), elf.needed(), bypasses(elf), advice(entry));
    return new NativeCode(library, new NativeFile(library.label(), null, elf));
  }

  /**
   * Whether a library of the right machine is also for the C library: jars hold those for musl,
   * Android and other systems beside the one for glibc.
   */
  static boolean isFor(ElfFile elf, boolean musl) {
    return elf.otherSystem() == null
        && elf.needed().stream()
            .filter(name -> LIBC.matcher(name).matches())
            .allMatch(
                name ->
                    musl
                        ? OF_MUSL.contains(name) || name.startsWith("libc.musl-")
                        : OF_GLIBC.contains(name));
  }

  private static boolean isJni(ElfFile elf) {
    return elf.symbols().stream()
        .filter(Symbol::offered)
        .map(Symbol::name)
        .anyMatch(name -> name.startsWith("Java_") || name.startsWith("JNI_OnLoad"));
  }

  private static List<Bypass> bypasses(ElfFile elf) {
    Map<Seam, Set<String>> called = new EnumMap<>(Seam.class);
    for (Symbol symbol : elf.symbols()) {
      if (!symbol.defined()) {
        FUNCTIONS.forEach(
            (seam, functions) -> {
              if (functions.contains(symbol.name())) {
                called.computeIfAbsent(seam, s -> new TreeSet<>()).add(symbol.name());
              }
            });
      }
    }
    List<Bypass> bypasses = new ArrayList<>();
    called.forEach((seam, functions) -> bypasses.add(new Bypass(seam, List.copyOf(functions))));
    return List.copyOf(bypasses);
  }

  private static String advice(String entry) {
    String name = entry.substring(entry.lastIndexOf('/') + 1);
    if (name.startsWith("libnetty_transport_native_")) {
      return "-Dio.netty.transport.noNative=true makes Netty use the JDK's";
    }
    if (name.startsWith("libnetty_tcnative")) {
      return "-Dio.netty.handler.ssl.noOpenSsl=true makes Netty use the JDK's TLS";
    }
    if (name.startsWith("libjnidispatch") || name.startsWith("libjffi")) {
      return "it calls whatever functions Java code names, which this report can't see";
    }
    return "";
  }
}

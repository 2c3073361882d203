package dev.husk.image.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A set of native files with all that they need: the libraries by DT_NEEDED, the interpreter, and
 * what glibc itself opens at run time.
 *
 * @param members the given files and then those that they brought, in the order they were found
 * @param missing what isn't there: libraries first, then versions and symbols
 */
public record NativeClosure(List<Member> members, List<Missing> missing) {

  /**
   * A file of the set.
   *
   * @param reason who needs it, for people; empty for a file that was given
   */
  public record Member(NativeFile file, String reason) {}

  /**
   * A library that glibc opens by itself.
   *
   * @param callers functions; who calls one of them makes glibc open it
   * @param inLibcSince the version of glibc since which it is a part of libc, or empty
   */
  private record Opened(String library, Set<String> callers, String inLibcSince) {}

  private static final Set<String> NAME_SERVICE =
      Set.of("getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyname_r", "gethostbyaddr");

  private static final Set<String> USERS =
      Set.of("getpwuid", "getpwuid_r", "getpwnam", "getpwnam_r", "getgrgid", "getgrgid_r");

  /**
   * A thread that is cancelled or leaves by pthread_exit is unwound with libgcc's unwinder, and so
   * is a stack for backtrace. The JVM does none of this, so most images go without libgcc.
   */
  private static final Set<String> UNWINDING =
      Set.of("pthread_cancel", "pthread_exit", "thrd_exit", "backtrace");

  private static final List<Opened> OPENED_BY_GLIBC =
      List.of(
          new Opened("libnss_files.so.2", NAME_SERVICE, "GLIBC_2.34"),
          new Opened("libnss_files.so.2", USERS, "GLIBC_2.34"),
          new Opened("libnss_dns.so.2", NAME_SERVICE, "GLIBC_2.34"),
          new Opened("libgcc_s.so.1", UNWINDING, ""));

  private static final String LIBC = "libc.so.6";

  /**
   * Follows files. Those that were given count as loaded from the begin, as the JVM loads libjvm.so
   * before the libraries that need it.
   *
   * @param files first the executable, if there is one: its rpath serves all
   * @throws IOException if a directory or a file can't be read; broken libraries are told as
   *     missing
   */
  public static NativeClosure of(List<NativeFile> files, SearchPath searchPath) throws IOException {
    return new Builder(files, searchPath).build();
  }

  /** The files without those that were given, with the interpreter. */
  public List<NativeFile> added() {
    return members.stream().filter(m -> !m.reason.isEmpty()).map(Member::file).toList();
  }

  private static final class Builder {
    private final SearchPath searchPath;
    private final LibraryFinder finder;
    private final List<Loaded> loaded = new ArrayList<>();
    private final List<Missing> missing = new ArrayList<>();

    Builder(List<NativeFile> files, SearchPath searchPath) {
      this.searchPath = searchPath;
      Loaded executable = null;
      for (NativeFile file : files) {
        Loaded next = new Loaded(file, "", executable);
        if (executable == null && file.elf().interpreter() != null) {
          executable = next;
        }
        loaded.add(next);
      }
      this.finder = new LibraryFinder(searchPath);
    }

    NativeClosure build() throws IOException {
      follow(0);
      if (!searchPath.musl()) {
        openedByGlibc();
      }
      missing.addAll(SymbolCheck.of(loaded.stream().map(Loaded::file).toList(), searchPath.musl()));
      return new NativeClosure(
          loaded.stream().map(l -> new Member(l.file(), l.reason())).toList(),
          List.copyOf(missing));
    }

    private void follow(int from) throws IOException {
      for (int i = from; i < loaded.size(); i++) {
        Loaded next = loaded.get(i);
        String interpreter = next.file().elf().interpreter();
        if (interpreter != null) {
          loadInterpreter(interpreter, next);
        }
        for (String name : next.file().elf().needed()) {
          load(name, next, "needed by " + next.file().name());
        }
      }
    }

    private void load(String name, Loaded by, String reason) throws IOException {
      if (loaded.stream().anyMatch(l -> isLoaded(l, name))) {
        return;
      }
      List<String> rejected = new ArrayList<>();
      NativeFile found = finder.find(name, by, rejected);
      if (found != null) {
        loaded.add(new Loaded(found, reason, by));
      } else {
        missing.add(new Missing.Library(name, by.file().name(), List.copyOf(rejected)));
      }
    }

    /** musl is its own interpreter, and takes each of these names for itself. */
    private boolean isLoaded(Loaded member, String name) {
      if (searchPath.musl() && LibraryFinder.isPartOfMusl(name)) {
        return isInterpreter(member);
      }
      return member.file().isCalled(name);
    }

    private static boolean isInterpreter(Loaded member) {
      Path path = member.file().path();
      return path != null && path.getFileName().toString().startsWith("ld-");
    }

    private void loadInterpreter(String interpreter, Loaded by) throws IOException {
      Path path = SearchPath.below(searchPath.root(), interpreter);
      if (loaded.stream().anyMatch(l -> path.equals(l.file().path()))) {
        return;
      }
      if (!Files.isRegularFile(path)) {
        missing.add(new Missing.Library(interpreter, by.file().name(), List.of()));
        return;
      }
      try {
        loaded.add(new Loaded(NativeFile.of(path), "the interpreter of " + by.file().name(), null));
      } catch (ElfException e) {
        missing.add(new Missing.Library(interpreter, by.file().name(), List.of(messageOf(e))));
      }
    }

    private void openedByGlibc() throws IOException {
      for (Opened opened : OPENED_BY_GLIBC) {
        if (libcHas(opened.inLibcSince)) {
          continue;
        }
        for (Loaded member : List.copyOf(loaded)) {
          String call = callOf(member.file().elf(), opened.callers);
          if (call != null && !isInterpreter(member)) {
            int size = loaded.size();
            load(
                opened.library,
                member,
                "opened by glibc for %s, which %s calls".formatted(call, member.file().name()));
            follow(size);
            break;
          }
        }
      }
    }

    private boolean libcHas(String version) {
      return loaded.stream()
          .map(Loaded::file)
          .anyMatch(file -> file.isCalled(LIBC) && file.elf().versions().contains(version));
    }

    private static @Nullable String callOf(ElfFile file, Set<String> callers) {
      TreeSet<String> calls = new TreeSet<>();
      for (Symbol symbol : file.symbols()) {
        if (!symbol.defined() && callers.contains(symbol.name())) {
          calls.add(symbol.name());
        }
      }
      return calls.isEmpty() ? null : calls.first();
    }
  }

  /** What an exception says. */
  static String messageOf(IOException e) {
    return String.valueOf(e.getMessage());
  }

  /**
   * A file in a process.
   *
   * @param by the file that brought it, whose DT_RPATH serves it too
   */
  record Loaded(NativeFile file, String reason, @Nullable Loaded by) {}
}

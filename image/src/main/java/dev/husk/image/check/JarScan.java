package dev.husk.image.check;

import dev.husk.image.app.Archive;
import dev.husk.image.app.ClassVersion;
import dev.husk.image.elf.ElfException;
import dev.husk.image.elf.ElfFile;
import dev.husk.image.elf.ElfIdentity;
import dev.husk.image.elf.SearchPath;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Looks through a jar; what is wrong with it is a finding, too. */
final class JarScan {
  /** What an app is to run on, and the options that it runs with. */
  record Target(SystemModules modules, SearchPath searchPath, List<String> jvmOptions) {}

  private static final Pattern LIBRARY = Pattern.compile(".*\\.(so(\\.[\\d.]+)?|dll|dylib|jnilib)");
  private static final long MOST_OF_A_LIBRARY = 1 << 29;

  private final String jar;
  private final Target target;
  private final Findings findings = new Findings();
  private final ClassScan classes;
  private final List<String> tooNew = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  private JarScan(String jar, Target target) {
    this.jar = jar;
    this.target = target;
    this.classes = new ClassScan(jar, target.modules(), findings);
  }

  static Findings of(String jar, Content content, Target target) {
    JarScan scan = new JarScan(jar, target);
    try (Archive archive = Archive.open(jar, content)) {
      for (Map.Entry<String, String> entry : archive.effective().entrySet()) {
        scan.scan(archive, entry.getKey(), entry.getValue());
      }
    } catch (IOException e) {
      scan.findings.error(String.valueOf(e.getMessage()));
    }
    scan.summarize();
    return scan.findings;
  }

  private void scan(Archive archive, String name, String entry) throws IOException {
    if (name.endsWith(".class")) {
      scanClass(name, archive.read(entry, Archive.MOST_OF_A_CLASS));
    } else if (LIBRARY.matcher(name).matches()) {
      scanLibrary(archive, entry);
    }
  }

  private void scanClass(String name, byte[] bytes) {
    findings.countClass();
    String problem = ClassVersion.problem(bytes, target.jvmOptions());
    if (problem != null) {
      // A jar may carry other things by this name, which nobody loads.
      List<String> lines = ClassVersion.isClassFile(bytes) ? tooNew : broken;
      lines.add("class %s (%s) %s".formatted(plain(name), jar, problem));
      return;
    }
    try {
      classes.scan(bytes);
    } catch (RuntimeException | StackOverflowError e) {
      // ASM says so by whatever it runs into; a constant may be made of itself.
      broken.add("class %s (%s) is broken: %s".formatted(plain(name), jar, e));
    }
  }

  private static String plain(String name) {
    return name.substring(0, name.length() - ".class".length()).replace('/', '.');
  }

  /** One line for all classes of a kind: most often a jar is of one. */
  private void summarize() {
    if (!tooNew.isEmpty()) {
      findings.error(firstOf(tooNew));
    }
    if (!broken.isEmpty()) {
      findings.warn(firstOf(broken));
    }
  }

  private static String firstOf(List<String> lines) {
    return lines.size() == 1
        ? lines.getFirst()
        : "%s, and %d more of this jar".formatted(lines.getFirst(), lines.size() - 1);
  }

  private void scanLibrary(Archive archive, String entry) throws IOException {
    byte[] start = archive.start(entry, ElfIdentity.SIZE);
    if (!ElfIdentity.isElf(start) || isForOtherMachine(entry, start)) {
      findings.otherLibrary();
      return;
    }
    try {
      ElfFile elf = ElfFile.read(entry + " of " + jar, archive.read(entry, MOST_OF_A_LIBRARY));
      if (NativeCode.isFor(elf, target.searchPath().musl())) {
        findings.library(NativeCode.of(jar, entry, elf));
      } else {
        findings.otherLibrary();
      }
    } catch (ElfException e) {
      findings.warn(String.valueOf(e.getMessage()));
    }
  }

  private boolean isForOtherMachine(String entry, byte[] start) throws ElfException {
    return ElfIdentity.of(entry, start)
        .supported()
        .filter(machine -> machine == target.searchPath().machine())
        .isEmpty();
  }
}

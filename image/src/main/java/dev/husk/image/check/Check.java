package dev.husk.image.check;

import dev.husk.image.app.App;
import dev.husk.image.elf.Missing;
import dev.husk.image.elf.NativeClosure;
import dev.husk.image.elf.NativeFile;
import dev.husk.image.elf.SearchPath;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks through an app before it is packed. */
public final class Check {
  /** Options of the JVM that need a module besides java.base. */
  private static final List<Option> OPTIONS =
      List.of(
          new Option("-javaagent:", "java.instrument"),
          new Option("-agentlib:jdwp", "jdk.jdwp.agent"),
          new Option("-Dcom.sun.management.jmxremote", "jdk.management.agent"),
          new Option("-XX:StartFlightRecording", "jdk.jfr"));

  private static final String ADD_MODULES = "--add-modules=";

  private Check() {}

  private record Option(String start, String module) {}

  /**
   * Looks through all classes and native libraries.
   *
   * @param javaHome the JDK whose modules the image gets, and whose machine and C library it is for
   * @throws IOException if a file of the JDK can't be read
   */
  public static Report of(App app, Path javaHome) throws IOException {
    NativeFile launcher = NativeFile.of(javaHome.resolve("bin/java"));
    NativeFile jvm = NativeFile.of(javaHome.resolve("lib/server/libjvm.so"));
    return of(app, javaHome, List.of(launcher, jvm), SearchPath.of(Path.of("/"), launcher.elf()));
  }

  /**
   * The same for a system that isn't this machine's.
   *
   * @param jvm the launcher of the JVM and its libjvm.so
   * @param searchPath where its libraries lie
   */
  public static Report of(App app, Path javaHome, List<NativeFile> jvm, SearchPath searchPath)
      throws IOException {
    Findings findings = new Findings();
    try (SystemModules modules = SystemModules.of(javaHome)) {
      JarScan.Target target = new JarScan.Target(modules, searchPath, app.jvmOptions());
      app.classPath().parallelStream()
          .map(path -> scan(app, path, target))
          .toList()
          .forEach(findings::addAll);
    }
    addOptions(app.jvmOptions(), findings);
    addNeeds(jvm, findings, searchPath);
    List<String> warnings = new ArrayList<>(app.warnings());
    warnings.addAll(findings.warnings());
    return new Report(
        app.name(),
        app.kind(),
        app.mainClass(),
        app.classPath().size(),
        findings.classes(),
        findings.nativeMethods(),
        findings.modules(),
        findings.libraries().stream().map(NativeCode::library).toList(),
        findings.systemLibraries(),
        findings.otherLibraries(),
        findings.calls(),
        findings.errors(),
        List.copyOf(warnings));
  }

  private static Findings scan(App app, String path, JarScan.Target target) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (app.files().get(path) instanceof Node.RegularFile jar) {
      return JarScan.of(name, jar.content(), target);
    }
    Findings nothing = new Findings();
    nothing.error(path + " of the class path isn't in the image");
    return nothing;
  }

  private static void addOptions(List<String> options, Findings findings) {
    for (String option : options) {
      for (Option known : OPTIONS) {
        if (option.startsWith(known.start)) {
          findings.needs(known.module, "of the option " + option);
        }
      }
      if (option.startsWith(ADD_MODULES)) {
        for (String module : option.substring(ADD_MODULES.length()).split(",")) {
          findings.needs(module, "of the option " + option);
        }
      }
    }
  }

  /**
   * What native libraries need of the system. One that misses something may never be loaded, hence
   * warnings.
   */
  private static void addNeeds(List<NativeFile> jvm, Findings findings, SearchPath searchPath)
      throws IOException {
    if (findings.libraries().isEmpty()) {
      return;
    }
    Set<Path> ofJvm = new HashSet<>();
    for (NativeFile file : NativeClosure.of(jvm, searchPath).added()) {
      ofJvm.add(file.path());
    }
    List<NativeFile> files = new ArrayList<>(jvm);
    findings.libraries().forEach(library -> files.add(library.file()));
    NativeClosure closure = NativeClosure.of(files, searchPath);
    for (NativeFile file : closure.added()) {
      Path path = file.path();
      if (path != null && !ofJvm.contains(path)) {
        findings.systemLibrary(path);
      }
    }
    for (Missing missing : closure.missing()) {
      findings.warn(missing.toString());
    }
  }
}

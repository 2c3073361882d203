package dev.husk.image.check;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The modules of a JDK. Thread-safe. */
final class SystemModules implements Closeable {
  private static final URI RUNTIME = URI.create("jrt:/");

  private final FileSystem runtime;
  private final boolean own;
  private final Map<String, String> moduleOfPackage = new HashMap<>();
  private final Map<String, Set<String>> providers = new TreeMap<>();

  private SystemModules(FileSystem runtime, boolean own) {
    this.runtime = runtime;
    this.own = own;
  }

  /** Those of the JDK that lies here. */
  static SystemModules of(Path javaHome) throws IOException {
    boolean running = Files.isSameFile(javaHome, Path.of(System.getProperty("java.home")));
    FileSystem runtime =
        running
            ? FileSystems.getFileSystem(RUNTIME)
            : FileSystems.newFileSystem(RUNTIME, Map.of("java.home", javaHome.toString()));
    SystemModules modules = new SystemModules(runtime, !running);
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(runtime.getPath("/modules"))) {
      for (Path directory : directories) {
        try (InputStream in = Files.newInputStream(directory.resolve("module-info.class"))) {
          modules.add(ModuleDescriptor.read(in));
        }
      }
    }
    return modules;
  }

  private void add(ModuleDescriptor module) {
    for (String name : module.packages()) {
      moduleOfPackage.put(name.replace('.', '/'), module.name());
    }
    for (ModuleDescriptor.Provides provides : module.provides()) {
      providers
          .computeIfAbsent(provides.service().replace('.', '/'), s -> new TreeSet<>())
          .add(module.name());
    }
  }

  /**
   * The module of a package.
   *
   * @param name with slashes
   * @return null if the JDK hasn't got it
   */
  @Nullable String ofPackage(String name) {
    return moduleOfPackage.get(name);
  }

  /** The modules that provide a service, by the name of its class with slashes. */
  Set<String> providersOf(String service) {
    return providers.getOrDefault(service, Set.of());
  }

  /** Whether a module has a class; its name has slashes. */
  boolean hasClass(String module, String name) {
    return Files.exists(runtime.getPath("/modules", module, name + ".class"));
  }

  @Override
  public void close() throws IOException {
    if (own) {
      runtime.close();
    }
  }
}

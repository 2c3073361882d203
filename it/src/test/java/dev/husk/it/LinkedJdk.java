package dev.husk.it;

import dev.husk.image.kernel.Kernels;
import dev.husk.image.link.RuntimeLinker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The JDK of these tests with Husk linked into it. */
final class LinkedJdk {
  /** All that the programs use: the tools of the JDK can't be in a linked one. */
  private static final SortedSet<String> MODULES =
      new TreeSet<>(
          List.of(
              "java.se",
              "jdk.compiler",
              "jdk.httpserver",
              "jdk.jfr",
              "jdk.management",
              "jdk.management.agent",
              "jdk.net",
              "jdk.unsupported",
              "jdk.zipfs"));

  private LinkedJdk() {}

  private static final class Lazy {
    static final Path HOME = link();

    private static Path link() {
      Path huskJar = Path.of(System.getProperty("husk.agent.jar", "husk.jar"));
      try {
        RuntimeLinker.LinkedJdk linked =
            new RuntimeLinker(
                    Path.of(System.getProperty("java.home")),
                    huskJar.toAbsolutePath().normalize(),
                    Kernels.defaultCache().resolve("runtimes"))
                .link(MODULES);
        if (!linked.notes().isEmpty()) {
          throw new AssertionError(linked.notes().toString());
        }
        return linked.home();
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static Path home() {
    return Lazy.HOME;
  }
}

package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the Maven of this machine on a project. It takes Husk from this build and all else from the
 * local repository of this build, which it only reads: its own is below {@code target}.
 */
final class MavenBuild {
  /** The plugin and what it needs of Husk, with the modules' names. */
  private static final Map<String, String> MODULES =
      Map.of(
          "runtime", "husk-runtime",
          "allocator", "husk-allocator",
          "scheduler", "husk-scheduler",
          "rewriter", "husk-rewriter",
          "netpath", "husk-netpath",
          "start", "husk-start",
          "agent", "husk-agent",
          "image", "husk-image",
          "cli", "husk-cli",
          "maven", "husk-maven-plugin");

  private static final String VERSION = said("version");
  private static final Path ROOM = Path.of("target/maven").toAbsolutePath();
  private static final Path REPOSITORY = ROOM.resolve("repository");
  private static final Path SETTINGS = ROOM.resolve("settings.xml");

  private final Path mvn;

  private MavenBuild(Path mvn) {
    this.mvn = mvn;
  }

  /**
   * What a run said, and how it ended.
   *
   * @param output all that it printed
   */
  record Result(int status, String output) {}

  /** Makes the repository ready. */
  static MavenBuild prepare() throws IOException {
    Path mvn = Needs.program("mvn");
    install("husk", Path.of("../pom.xml"), null);
    for (Map.Entry<String, String> module : MODULES.entrySet()) {
      Path directory = Path.of("..", module.getKey());
      Path jar =
          module.getKey().equals("agent")
              ? Needs.huskJar()
              : directory.resolve("target/" + module.getValue() + "-" + VERSION + ".jar");
      assertTrue(Files.exists(jar), jar + " is missing: run the phase package");
      install(module.getValue(), directory.resolve("pom.xml"), jar);
    }
    Files.writeString(
        SETTINGS,
        """
        <settings>
          <localRepository>%s</localRepository>
          <interactiveMode>false</interactiveMode>
          <mirrors>
            <mirror>
              <id>outer-build</id>
              <mirrorOf>*</mirrorOf>
              <url>%s</url>
            </mirror>
          </mirrors>
        </settings>
        """
            .formatted(REPOSITORY, Path.of(said("repository")).toUri()));
    return new MavenBuild(mvn);
  }

  private static void install(String artifact, Path pom, @Nullable Path jar) throws IOException {
    Path directory = REPOSITORY.resolve("dev/husk/" + artifact + "/" + VERSION);
    Files.createDirectories(directory);
    String name = artifact + "-" + VERSION;
    Files.copy(pom, directory.resolve(name + ".pom"), StandardCopyOption.REPLACE_EXISTING);
    if (jar != null) {
      Files.copy(jar, directory.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * A new directory with a POM of the packaging jar, with asm as a dependency.
   *
   * @param plugin what stands in the POM's element of Husk's plugin beside its coordinates
   */
  static Path project(Path directory, String plugin) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>demo</artifactId>
          <version>1.0</version>
          <properties>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
            <maven.compiler.release>17</maven.compiler.release>
            <maven.test.skip>true</maven.test.skip>
          </properties>
          <dependencies>
            <dependency>
              <groupId>org.ow2.asm</groupId>
              <artifactId>asm</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
          <build>
            <plugins>
        %s
              <plugin>
                <groupId>dev.husk</groupId>
                <artifactId>husk-maven-plugin</artifactId>
                <version>%s</version>
        %s
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(
                said("asm"),
                plugin("compiler") + plugin("jar") + plugin("resources") + plugin("surefire"),
                VERSION,
                plugin));
    return directory;
  }

  private static String plugin(String name) {
    return """
          <plugin>
            <artifactId>maven-%s-plugin</artifactId>
            <version>%s</version>
          </plugin>
    """
        .formatted(name, said(name + "-plugin"));
  }

  /**
   * Runs it.
   *
   * @param java what Maven runs on, or null for what it takes by itself
   */
  Result run(Path project, @Nullable Path java, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(mvn.toString());
    command.addAll(List.of("-B", "-nsu", "-s", SETTINGS.toString()));
    command.add("-Dmaven.repo.local=" + REPOSITORY);
    if (Needs.kernel() != null) {
      command.add("-Dhusk.kernel=" + Needs.kernel());
    }
    command.addAll(List.of(words));
    Path log = project.resolve("build.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeAll(List.of("MAVEN_ARGS", "MAVEN_OPTS"));
    if (java != null) {
      builder.environment().put("JAVA_HOME", java.toString());
      builder.environment().remove("JAVA25_HOME");
    }
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(3, TimeUnit.MINUTES), () -> "Maven hangs: " + log);
    } finally {
      process.destroy();
    }
    return new Result(process.exitValue(), Files.readString(log));
  }

  private static String said(String what) {
    return System.getProperty("husk.it." + what, "");
  }
}

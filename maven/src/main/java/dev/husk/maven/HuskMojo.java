package dev.husk.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DependencyResolutionRequiredException;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/** What the goals have in common: which app, and how the command is run. */
abstract class HuskMojo extends AbstractMojo {
  private static final String AGENT = "husk-agent";
  private static final String PLUGIN = "husk-maven-plugin";

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  MavenProject project;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  MavenSession session;

  @Parameter(defaultValue = "${plugin.artifacts}", readonly = true, required = true)
  List<Artifact> pluginArtifacts;

  @Inject ToolchainManager toolchains;

  /** Does nothing. */
  @Parameter(property = "husk.skip", defaultValue = "false")
  boolean skip;

  /**
   * The app: a jar or war, a directory, or a class path. Without it the project's jar or war: alone
   * where it is executable, else with the project's dependencies of the scope runtime.
   */
  @Parameter(property = "husk.app")
  @Nullable String app;

  /**
   * The app's main class. Without it the one that the manifest names, else the jar's only class
   * with a main method.
   */
  @Parameter(property = "husk.mainClass")
  @Nullable String mainClass;

  /** Options of the JVM, one each. */
  @Parameter(property = "husk.jvmOptions")
  List<String> jvmOptions = new ArrayList<>();

  /** The configuration; without it {@code husk.toml} beside the POM, if there is one. */
  @Parameter(property = "husk.config")
  @Nullable File config;

  /**
   * The home of the JDK 25 that packs, and that the image's is linked from. Without it a tool
   * chain's of the build, else the one that {@code JAVA25_HOME} or {@code JAVA_HOME} names or that
   * Maven runs on, else one of the usual places.
   */
  @Parameter(property = "husk.jdk")
  @Nullable File jdk;

  /** The name of the command. */
  abstract String command();

  /** The command's options beside those that all have. */
  abstract List<String> options() throws MojoExecutionException;

  /** What the app is given. */
  List<String> words() {
    return List.of();
  }

  @Override
  public void execute() throws MojoExecutionException {
    if (skip) {
      getLog().info("skipped");
      return;
    }
    if (app == null && project.getPackaging().equals("pom")) {
      getLog().info("a project of the packaging pom has nothing to pack");
      return;
    }
    List<String> words = new ArrayList<>();
    words.add(command());
    if (mainClass != null) {
      words.add("--main=" + mainClass);
    }
    for (String option : jvmOptions) {
      words.add("--jvm-opt=" + option);
    }
    Path toml = project.getBasedir().toPath().resolve("husk.toml");
    if (config != null || Files.isRegularFile(toml)) {
      words.add("--config=" + (config == null ? toml : config));
    }
    words.addAll(options());
    words.add("--");
    words.add(app == null ? appOfProject() : app);
    words.addAll(words());
    new HuskJvm(home(), classPath(), project.getBasedir().toPath(), getLog()).run(words);
  }

  private String appOfProject() throws MojoExecutionException {
    Path directory = Path.of(project.getBuild().getDirectory());
    File built = project.getArtifact().getFile();
    Path artifact =
        built == null
            ? directory.resolve(
                project.getBuild().getFinalName() + "." + project.getArtifact().getType())
            : built.toPath();
    if (!Files.isRegularFile(artifact)) {
      throw new MojoExecutionException(
          "there is no "
              + artifact.getFileName()
              + " yet: run 'mvn package', with this goal bound to that phase or named after it");
    }
    List<Path> libraries = new ArrayList<>();
    try {
      for (String element : project.getRuntimeClasspathElements()) {
        if (!element.equals(project.getBuild().getOutputDirectory())) {
          libraries.add(Path.of(element));
        }
      }
      List<Path> paths = ClassPath.of(artifact, libraries);
      return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
    } catch (DependencyResolutionRequiredException | IOException e) {
      throw new MojoExecutionException(artifact + ": " + e.getMessage(), e);
    }
  }

  private Path home() throws MojoExecutionException {
    if (jdk != null) {
      if (!Jdks.isJdk25(jdk.toPath())) {
        throw new MojoExecutionException("there is no JDK 25 at " + jdk);
      }
      return jdk.toPath();
    }
    List<@Nullable Path> homes = new ArrayList<>();
    homes.add(home(toolchains.getToolchainFromBuildContext("jdk", session)));
    for (Toolchain toolchain :
        toolchains.getToolchains(session, "jdk", Map.of("version", "[25,26)"))) {
      homes.add(home(toolchain));
    }
    homes.add(path(System.getenv("JAVA25_HOME")));
    homes.add(path(System.getenv("JAVA_HOME")));
    homes.add(path(System.getProperty("java.home")));
    homes.addAll(Jdks.installed());
    return Jdks.first(homes)
        .orElseThrow(
            () ->
                new MojoExecutionException(
                    "Husk needs a JDK 25: install one, and name it by a tool chain of Maven, by"
                        + " JAVA25_HOME or by -Dhusk.jdk=DIRECTORY where it isn't found"));
  }

  private static @Nullable Path home(@Nullable Toolchain toolchain) {
    String java = toolchain == null ? null : toolchain.findTool("java");
    return java == null ? null : Path.of(java).getParent().getParent();
  }

  private static @Nullable Path path(@Nullable String home) {
    return home == null || home.isEmpty() ? null : Path.of(home);
  }

  private List<Path> classPath() {
    List<Path> classPath = new ArrayList<>();
    for (Artifact artifact : pluginArtifacts) {
      if (!artifact.getArtifactId().equals(AGENT) && !artifact.getArtifactId().equals(PLUGIN)) {
        classPath.add(artifact.getFile().toPath());
      }
    }
    return classPath;
  }

  /** husk.jar, which comes with the plugin. */
  Path agent() throws MojoExecutionException {
    for (Artifact artifact : pluginArtifacts) {
      if (artifact.getArtifactId().equals(AGENT)) {
        return artifact.getFile().toPath();
      }
    }
    throw new MojoExecutionException("the plugin came without " + AGENT);
  }
}

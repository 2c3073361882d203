package dev.husk.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.util.List;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.model.Build;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The parameters as words of {@code husk pack}. */
final class PackMojoTest {
  private final PackMojo mojo = new PackMojo();

  @BeforeEach
  void project() {
    DefaultArtifact agent =
        new DefaultArtifact(
            "dev.husk", "husk-agent", "1", "runtime", "jar", "", new DefaultArtifactHandler("jar"));
    agent.setFile(new File("/repository/husk-agent-1.jar"));
    mojo.pluginArtifacts = List.of(agent);
    mojo.project = new MavenProject();
    Build build = new Build();
    build.setDirectory("/project/target");
    build.setFinalName("demo-1.0");
    mojo.project.setBuild(build);
    mojo.formats = List.of("DISK");
  }

  private List<String> options() throws MojoExecutionException {
    List<String> options = mojo.options();
    assertEquals("--agent=/repository/husk-agent-1.jar", options.get(0));
    return options.subList(1, options.size());
  }

  @Test
  void withoutParametersADiskIsMadeInTheBuildsDirectory() throws Exception {
    assertEquals(List.of("--output=/project/target/demo-1.0.img"), options());
    assertEquals(List.of(), mojo.words());
  }

  @Test
  void eachParameterIsAnOption() throws Exception {
    mojo.formats = List.of("qcow2", "Container-Disk");
    mojo.arguments = List.of("--port=80", "b c");
    mojo.environment.put("B", null);
    mojo.environment.put("A", "a=b");
    mojo.ports = List.of(80, 443);
    mojo.user = "1000";
    mojo.files = List.of(new File("/f"));
    mojo.modules = List.of("java.sql");
    mojo.kernel = new File("/k");
    mojo.kernelModules = new File("/m");
    mojo.kubernetes = new File("/y");
    mojo.keepSignatures = true;
    mojo.training = false;
    mojo.trainPaths = List.of("/a", "/b");
    mojo.trainLimit = 9;
    assertEquals(
        List.of(
            "--output=/project/target/demo-1.0.qcow2",
            "--output=/project/target/demo-1.0.disk.tar",
            "--port=80",
            "--port=443",
            "--user=1000",
            "--file=/f",
            "--module=java.sql",
            "--train=/a",
            "--train=/b",
            "--env=A=a=b",
            "--env=B=",
            "--kernel=/k",
            "--kernel-modules=/m",
            "--kubernetes=/y",
            "--train-limit=9",
            "--keep-signatures",
            "--no-training"),
        options());
    assertEquals(List.of("--port=80", "b c"), mojo.words());
  }

  @Test
  void outputsGoBeforeFormats() throws Exception {
    mojo.outputs = List.of(new File("/o/x.efi"), new File("/o/x.tar"));
    assertEquals(List.of("--output=/o/x.efi", "--output=/o/x.tar"), options());
  }

  @Test
  void anUnknownFormatIsRefused() {
    mojo.formats = List.of("ISO");
    assertEquals(
        "there is no format ISO; formats are"
            + " [DISK, QCOW2, UKI, BOOT, CONTAINER_DISK, OCI, DOCKER]",
        assertThrows(MojoExecutionException.class, mojo::options).getMessage());
  }
}

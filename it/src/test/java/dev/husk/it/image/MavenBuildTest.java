package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.look.ImageFiles;
import dev.husk.image.oci.StoredImage;
import dev.husk.image.pack.Format;
import dev.husk.maven.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Maven plugin, in builds by the Maven of this machine. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class MavenBuildTest {
  private static final String PROGRAM =
      """
      package app;

      import org.objectweb.asm.ClassWriter;

      public class Program {
        public static void main(String[] args) {
          System.out.println(new ClassWriter(0).toByteArray().length + String.join("|", args));
        }
      }
      """;

  private static MavenBuild maven;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    maven = MavenBuild.prepare();
  }

  private static void source(Path project, String name, String text) throws IOException {
    Path directory = Files.createDirectories(project.resolve("src/main/java/app"));
    Files.writeString(directory.resolve(name + ".java"), text);
  }

  @Test
  void aBuildMakesImagesOfItsJarWithItsLibraries() throws Exception {
    Path project =
        MavenBuild.project(
            folder.resolve("demo"),
            """
                    <executions>
                      <execution>
                        <goals>
                          <goal>check</goal>
                          <goal>pack</goal>
                        </goals>
                      </execution>
                    </executions>
                    <configuration>
                      <formats>
                        <format>DOCKER</format>
                        <format>uki</format>
                      </formats>
                      <jvmOptions>
                        <jvmOption>-Xmx96m</jvmOption>
                      </jvmOptions>
                      <environment>
                        <STAGE>of the POM</STAGE>
                      </environment>
                      <ports>
                        <port>8080</port>
                      </ports>
                    </configuration>
            """);
    source(project, "Program", PROGRAM);
    Files.writeString(
        project.resolve("husk.toml"),
        """
        args = ['of', 'the file']
        include = ['notes.txt:notes.txt']
        [environment]
        STAGE = 'of the file'
        OTHER = 'of the file'
        """);
    Files.writeString(project.resolve("notes.txt"), "notes");

    MavenBuild.Result result = maven.run(project, null, "package");
    assertEquals(0, result.status(), result.output());
    assertTrue(result.output().contains("[INFO] linking a JDK"), result.output());
    assertFalse(result.output().contains("no AOT cache"), result.output());

    Path container = project.resolve("target/demo-1.0.tar");
    try (StoredImage image = StoredImage.open(container)) {
      List<String> command = image.config().entrypoint();
      assertEquals(
          List.of("app.Program", "of", "the file"),
          command.subList(command.size() - 3, command.size()));
      assertTrue(command.contains("-Xmx96m"), command::toString);
      assertTrue(command.contains("-XX:AOTCache=/aot/app.aot"), command::toString);
      assertEquals("of the POM", image.config().environment().get("STAGE"));
      assertEquals("of the file", image.config().environment().get("OTHER"));
      assertEquals(List.of(8080), List.copyOf(image.config().ports()));
    }
    for (Path path : List.of(container, project.resolve("target/demo-1.0.efi"))) {
      try (ImageFiles files = ImageFiles.open(path)) {
        String library = "app/lib/asm-" + System.getProperty("husk.it.asm") + ".jar";
        for (String name :
            List.of("app/lib/demo-1.0.jar", library, "aot/app.aot", "java/bin/java", "notes.txt")) {
          assertNotNull(files.root().get(name), name + " in " + path);
        }
      }
    }
    assertFalse(Files.exists(project.resolve("target/demo-1.0.img")));
  }

  @Test
  void aGoalByNameFailsWithWhatTheCommandSays() throws Exception {
    Path project = MavenBuild.project(folder.resolve("two"), "");
    String check = "dev.husk:husk-maven-plugin:" + System.getProperty("husk.it.version") + ":check";
    source(project, "Program", PROGRAM);
    source(project, "Second", PROGRAM.replace("Program", "Second"));
    // Maven itself runs on a JDK 25, and nothing else says where there is one.
    Path java = Path.of(System.getProperty("java.home"));
    MavenBuild.Result early = maven.run(project, java, check);
    assertFailed("there is no demo-1.0.jar yet: run 'mvn package'", early);
    MavenBuild.Result two = maven.run(project, java, "package", check);
    assertFailed(
        "the manifest of demo-1.0.jar has no Main-Class, and more than one class has a main"
            + " method, such as app.Program and app.Second: say which class to start",
        two);
    MavenBuild.Result one = maven.run(project, java, check, "-Dhusk.mainClass=app.Second");
    assertEquals(0, one.status(), one.output());
    assertTrue(one.output().contains("app.Second"), one.output());
  }

  private static void assertFailed(String message, MavenBuild.Result result) {
    assertEquals(1, result.status(), result.output());
    assertTrue(result.output().contains(message), result.output());
    assertFalse(result.output().contains("\tat "), result.output());
  }

  @Test
  void thePluginKnowsTheCommandsFormats() {
    Map<String, String> plugin = new TreeMap<>();
    for (OutputFormat format : OutputFormat.values()) {
      plugin.put(format.name(), format.suffix());
    }
    Map<String, String> command = new TreeMap<>();
    for (Format format : Format.values()) {
      command.put(format.name(), format.suffix());
    }
    assertEquals(command, plugin);
  }
}

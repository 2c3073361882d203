package dev.husk.ab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.husk.ab.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JavaCommandTest {
  private static final String GC = "/run/gc-%p.log";
  private static final String GC_WORD =
      "-Xlog:gc*,pagesize:file=\"/run/gc-%p.log\":uptimemillis,tags:filecount=0";
  private static final String JAVA_HOME = System.getProperty("java.home");

  private static Launch launch(Variant variant, Map<String, String> environment, String... words) {
    return new Launch(
        List.of(words),
        null,
        variant,
        Path.of("husk.jar"),
        Launch.Limits.NONE,
        environment,
        List.of(),
        0,
        Path.of("/run"));
  }

  @Test
  void additionsStandBehindABareJavaWhichIsTheJdkOfThisProgram() throws IOException {
    Variant variant = Variant.parse("v=husk:stats=5 -Xmx1g env:A=1");
    JavaCommand command =
        JavaCommand.of(
            launch(variant, Map.of("A", "0", "B", "2"), "java", "-jar", "a b.jar"), "/h.jar", GC);
    assertEquals(
        List.of(
            JAVA_HOME + "/bin/java",
            "-javaagent:/h.jar=stats=5",
            "-Xmx1g",
            GC_WORD,
            "-jar",
            "a b.jar"),
        command.words());
    assertEquals(Map.of("A", "1", "B", "2"), command.environment());
    assertEquals(Path.of(JAVA_HOME), command.javaHome());
  }

  @Test
  void aPathOfAJavaIsKeptAndAVariantsJdkReplacesIt() throws IOException {
    String java = JAVA_HOME + "/bin/java";
    assertEquals(
        java,
        JavaCommand.of(launch(Variant.STOCK, Map.of(), java, "Main"), "", GC).words().getFirst());
    Variant variant = Variant.parse("other=jdk:" + JAVA_HOME);
    assertEquals(
        java,
        JavaCommand.of(launch(variant, Map.of(), "/other/bin/java", "Main"), "", GC)
            .words()
            .getFirst());
  }

  @Test
  void aScriptGetsThemByAVariableBehindWhatTheUserPutThere() throws IOException {
    JavaCommand command =
        JavaCommand.of(
            launch(Variant.HUSK, Map.of("JAVA_TOOL_OPTIONS", "-Xss1m"), "./start.sh", "x"),
            "/my dir/h.jar",
            GC);
    assertEquals(List.of("./start.sh", "x"), command.words());
    assertEquals(
        Map.of("JAVA_TOOL_OPTIONS", "-Xss1m '-javaagent:/my dir/h.jar' '" + GC_WORD + "'"),
        command.environment());
    assertNull(command.javaHome());
  }

  @Test
  void aScriptFindsAVariantsJdk() throws IOException {
    Variant variant = Variant.parse("other=jdk:" + JAVA_HOME);
    Map<String, String> environment =
        JavaCommand.of(launch(variant, Map.of(), "./start.sh"), "", GC).environment();
    assertEquals(JAVA_HOME, environment.get("JAVA_HOME"));
    assertEquals(JAVA_HOME + "/bin:" + System.getenv("PATH"), environment.get("PATH"));
  }

  @Test
  void aDirectoryThatTheJvmWouldMisreadIsRefused() {
    IOException failure =
        assertThrows(
            IOException.class,
            () -> JavaCommand.of(launch(Variant.STOCK, Map.of(), "java"), "", "/50%/gc-%p.log"));
    assertEquals(
        "/50%/gc-%p.log: a JVM can't write a log into a directory with %, \" or ' in its name",
        failure.getMessage());
  }
}

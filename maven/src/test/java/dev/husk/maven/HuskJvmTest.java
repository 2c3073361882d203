package dev.husk.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what the command says, with a shell script in the place of the JVM. */
final class HuskJvmTest {
  @TempDir private Path folder;

  private final List<String> logged = new ArrayList<>();

  private void run(String script, String... words) throws IOException, MojoExecutionException {
    Path java = folder.resolve("bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\n" + script);
    assertTrue(java.toFile().setExecutable(true));
    new HuskJvm(
            folder,
            List.of(Path.of("/lib/a.jar"), Path.of("/lib/b.jar")),
            folder,
            new SystemStreamLog() {
              @Override
              public void info(CharSequence content) {
                logged.add("I " + content);
              }

              @Override
              public void warn(CharSequence content) {
                logged.add("W " + content);
              }
            })
        .run(List.of(words));
  }

  private String failure(String script) {
    return assertThrows(MojoExecutionException.class, () -> run(script)).getMessage();
  }

  @Test
  void theCommandGetsItsWordsAsTheyAre() throws Exception {
    run(
        """
        while [ "$1" != -cp ]; do shift; done
        for word; do echo "$word"; done
        pwd
        cat
        """,
        "pack",
        "--env=A=b c",
        "@x",
        "");
    assertEquals(
        List.of(
            "I -cp",
            "I /lib/a.jar:/lib/b.jar",
            "I dev.husk.cli.BuildMain",
            "I pack",
            "I --env=A=b c",
            "I @x",
            "I ",
            "I " + folder.toRealPath()),
        logged);
  }

  @Test
  void stepsAreLoggedAndNotesAreWarnings() throws Exception {
    run("echo reading; echo husk: odd >&2; echo 'husk: ärger'; echo linking; echo husk: last");
    assertEquals(List.of("I reading", "W odd", "W ärger", "I linking", "W last"), logged);
  }

  @Test
  void theLastNoteOfACommandThatFailsIsTheReason() {
    assertEquals(
        "gone.jar isn't there",
        failure("echo husk: odd; echo \"husk: gone.jar isn't there\"; exit 1"));
    assertEquals(List.of("W odd"), logged);
    assertEquals(
        "wrong option", failure("echo husk: wrong option; echo \"'husk --help' helps\"; exit 2"));
  }

  @Test
  void aCommandThatBreaksSaysSo() {
    assertEquals(
        "husk ended with status 1; what it said is above",
        failure("echo husk: note; echo Exception; exit 1"));
    assertEquals(List.of("W note", "I Exception"), logged);
    assertTrue(
        assertThrows(
                MojoExecutionException.class,
                () ->
                    new HuskJvm(folder.resolve("gone"), List.of(), folder, new SystemStreamLog())
                        .run(List.of()))
            .getMessage()
            .startsWith("husk can't be run: "));
  }
}

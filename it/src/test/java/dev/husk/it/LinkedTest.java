package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.it.Both.Results;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JDK that Husk is linked into behaves as the stock one does, without an agent. */
final class LinkedTest {
  /** Programs of a short run: one at least for each group of seams, and for what has no agent. */
  private static final List<String> SHORT =
      List.of("Identity", "Life", "Management", "Socket", "Loader", "Direct");

  @BeforeAll
  static void requireAgent() {
    Side.requireAgent();
  }

  static Stream<String> programs() {
    return Boolean.getBoolean("husk.long")
        ? Stream.concat(BehaviourTest.PROGRAMS.stream(), BehaviourTest.MEMORY_PROGRAMS.stream())
        : SHORT.stream();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void behavesAsTheStockJdk(String name) throws Exception {
    Results<Transcript> results =
        new Results<>(program(Side.STOCK, name).run(), program(Side.LINKED, name).run());
    List<String> differences =
        Again.lasting(
            BehaviourTest.unexpected(name, results),
            Side.LINKED,
            (side, only) -> program(side, name).run(only));
    assertEquals(List.of(), differences);
  }

  /** As Kotlin's compiler does, and Eclipse's. */
  @Test
  void aCompilerLooksIntoIt() throws Exception {
    Map<String, String> home = Map.of("java.home", LinkedJdk.home().toString());
    try (FileSystem modules = FileSystems.newFileSystem(URI.create("jrt:/"), home)) {
      assertTrue(Files.exists(modules.getPath("/modules/java.base/java/lang/Object.class")));
    }
  }

  @Test
  void anAppFromAnAotCacheRunsOnHuskFromItsFirstInstructionOn(@TempDir Path folder)
      throws Exception {
    Path jar = LaunchTest.jar(folder);
    Path configuration = folder.resolve("app.aotconf");
    Path cache = folder.resolve("app.aot");
    List<String> app = List.of("-cp", jar.toString(), "app.Main");
    List<String> expected = run(Side.STOCK, app);
    assertTrue(expected.contains("main returns false"), expected::toString);

    run(Side.LINKED, with(app, "-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration));
    run(
        Side.LINKED,
        with(
            List.of("-cp", jar.toString()),
            "-XX:AOTMode=create",
            "-XX:AOTConfiguration=" + configuration,
            "-XX:AOTCache=" + cache));
    assertTrue(Files.exists(cache));
    assertEquals(expected, run(Side.LINKED, with(app, "-XX:AOTCache=" + cache, "-XX:AOTMode=on")));
    // What an option turns off is as it was.
    assertEquals(expected, run(Side.LINKED, with(app, "-Dhusk.threads=off", "-Dhusk.memory=off")));
  }

  /** What an agent says, a linked JDK says, too. */
  @Test
  void theLastWordsAreCountersAndLateFindings() throws Exception {
    List<String> program =
        List.of(
            "-Dhusk.memory=checked",
            "-Dhusk.stats",
            "-Dhusk.log=debug",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.husk.it.scenarios.MisusingProgram");
    try (Child child = Child.startPlain(Side.LINKED, program)) {
      assertTrue(child.ends(60_000), "it hangs");
      String said = String.join("\n", child.err());
      assertTrue(said.contains("husk: options log=debug,stats=on,"), said);
      assertTrue(said.contains("MisusingProgram.main"), said);
      assertTrue(said.contains("husk: off-heap memory used wrongly, times: 1"), said);
      assertTrue(said.contains("husk: threads served: 0"), said);
      assertTrue(said.contains("husk: connections in the process: 0"), said);
    }
  }

  private static List<String> with(List<String> arguments, String... before) {
    List<String> all = new ArrayList<>(List.of(before));
    all.addAll(arguments);
    return all;
  }

  private static List<String> run(Side side, List<String> arguments) throws InterruptedException {
    try (Child child = Child.startPlain(side, arguments)) {
      assertTrue(child.ends(60_000), "it hangs");
      assertEquals(0, child.process().exitValue(), () -> String.join("\n", child.err()));
      return List.copyOf(child.out());
    }
  }

  private static ProgramRun program(Side side, String name) {
    return new ProgramRun(
        side,
        "dev.husk.it.scenarios." + name + "Cases",
        "thread",
        BehaviourTest.jvmArguments(name));
  }
}

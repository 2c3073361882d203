package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.husk.it.Both.Results;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to start a program: a jar, a module, a source file, with an AOT cache. */
final class LaunchTest {
  private static final String SOURCE =
      """
      package app;

      import java.util.concurrent.locks.ReentrantLock;

      public class Main {
        static class Own extends Thread {
          public void run() {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            System.out.println((Thread.currentThread() == this) + " " + lock.isHeldByCurrentThread()
                + " " + Thread.currentThread().isVirtual());
          }
        }

        public static void main(String[] args) throws Exception {
          Own own = new Own();
          own.start();
          own.join();
          Thread virtual = Thread.startVirtualThread(() -> System.out.println("virtual ran"));
          virtual.join();
          new Thread(() -> {
            try {
              Thread.sleep(50);
            } catch (InterruptedException e) {
              return;
            }
            System.out.println("last of " + Main.class.getModule().isNamed());
          }).start();
          System.out.println("main returns " + Thread.currentThread().isVirtual());
        }
      }
      """;

  @TempDir private static Path folder;
  private static Path jar;

  @BeforeAll
  static void build() throws IOException {
    jar = jar(folder);
  }

  /** Makes the program's jar, which is a module. */
  static Path jar(Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src/app"));
    Files.writeString(sources.resolve("Main.java"), SOURCE);
    Files.writeString(folder.resolve("src/module-info.java"), "module app { exports app; }");
    Path classes = folder.resolve("classes");
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-d",
                classes.toString(),
                sources.resolve("Main.java").toString(),
                folder.resolve("src/module-info.java").toString());
    assertEquals(0, status);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "app.Main");
    Path jar = folder.resolve("app.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest)) {
      for (String name : List.of("module-info.class", "app/Main.class", "app/Main$Own.class")) {
        entries.putNextEntry(new JarEntry(name));
        entries.write(Files.readAllBytes(classes.resolve(name)));
      }
    }
    return jar;
  }

  /** The command line on a side. */
  private interface Command {
    List<String> on(Side side);
  }

  private record Run(int status, List<String> out, List<String> err) {}

  private static Run run(Side side, List<String> arguments) throws Exception {
    try (Child child = Child.startPlain(side, arguments)) {
      if (!child.ends(30_000)) {
        fail("hangs: " + arguments + child.out() + child.err() + child.threadDump());
      }
      return new Run(
          child.process().exitValue(), Text.normalised(child.out()), Text.normalised(child.err()));
    }
  }

  private static void compare(Command command) throws Exception {
    Results<Run> results = Both.run(side -> run(side, command.on(side)));
    assertEquals(results.stock(), results.husk());
    assertEquals(0, results.stock().status(), results::toString);
  }

  @Test
  void jar() throws Exception {
    compare(side -> List.of("-jar", jar.toString()));
  }

  @Test
  void module() throws Exception {
    compare(side -> List.of("-p", jar.toString(), "-m", "app/app.Main"));
  }

  @Test
  void limitedModules() throws Exception {
    // The agent itself needs java.instrument, which a program that doesn't may lack.
    compare(
        side ->
            List.of(
                "-p",
                jar.toString(),
                "--limit-modules",
                "app,java.instrument",
                "-m",
                "app/app.Main"));
  }

  @Test
  void sourceFile() throws Exception {
    compare(side -> List.of(folder.resolve("src/app/Main.java").toString()));
  }

  @Test
  void onTheBootClassPath() throws Exception {
    compare(
        side -> {
          List<String> arguments = new ArrayList<>();
          side.arguments().stream()
              .limit(1)
              .map(LaunchTest::agentJar)
              .forEach(agent -> arguments.add("-Xbootclasspath/a:" + agent));
          arguments.addAll(List.of("-jar", jar.toString()));
          return arguments;
        });
  }

  @Test
  void withAotCacheOfAStockTraining() throws Exception {
    withAotCache(false);
  }

  /** In a run that writes a cache the agent leaves threads alone, or the JVM would crash. */
  @Test
  void withAotCacheOfATrainingUnderTheAgent() throws Exception {
    Results<List<Run>> results = withAotCache(true);
    String said = String.join("\n", results.husk().getFirst().err());
    assertTrue(said.contains("the app runs untouched in a run that trains"), said);
  }

  /** Trains, then runs with the cache; both must be well. */
  private static Results<List<Run>> withAotCache(boolean trainUnderAgent) throws Exception {
    Results<List<Run>> results =
        Both.run(
            side -> {
              Path cache = Files.createTempDirectory(folder, "aot").resolve("app.aot");
              List<String> rest = new ArrayList<>(List.of("--add-modules", "java.instrument"));
              side.arguments().stream()
                  .limit(1)
                  .map(LaunchTest::agentJar)
                  .forEach(agent -> rest.add("-Xbootclasspath/a:" + agent));
              rest.addAll(List.of("-cp", jar.toString(), "app.Main"));
              List<String> training =
                  new ArrayList<>(
                      List.of(
                          "-XX:AOTCacheOutput=" + cache,
                          "-Xlog:disable",
                          "-XX:ErrorFile=" + cache + ".error"));
              training.addAll(rest);
              List<String> production = new ArrayList<>(List.of("-XX:AOTCache=" + cache));
              production.addAll(rest);
              return List.of(
                  run(trainUnderAgent ? side : Side.STOCK, training), run(side, production));
            });
    String difference = "";
    for (int i = 0; i < 2; i++) {
      Run stock = results.stock().get(i);
      Run husk = results.husk().get(i);
      difference +=
          Transcript.difference("status", List.of(stock.status() + ""), List.of(husk.status() + ""))
              + Transcript.difference("stdout", program(stock), program(husk));
    }
    assertEquals("", difference);
    return results;
  }

  /** What the program printed, without what the JVM says of the cache that it makes. */
  private static List<String> program(Run run) {
    return run.out().stream().filter(line -> !line.contains("AOT")).toList();
  }

  private static String agentJar(String argument) {
    return argument.substring("-javaagent:".length()).replaceAll("=.*", "");
  }
}

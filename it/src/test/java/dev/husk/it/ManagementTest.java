package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Husk's threads as thread dumps, Husk's bean and the flight recorder show them. */
final class ManagementTest {
  private static final String PROGRAM = "dev.husk.it.scenarios.ManagedProgram";

  /** The names at the end of {@code ManagedProgram stay}, and the ones it prints them by. */
  private static final Map<String, String> NAMES =
      Map.of(
          "app-parked", "app-parked",
          "app-busy", "app-busy",
          "app-renamed", "app-first",
          "app-named-itself", "app-self",
          "app-pooled", "",
          "main", "");

  @TempDir private Path dir;

  @BeforeAll
  static void requireAgent() {
    Side.requireAgent();
  }

  @Test
  void dumpsShowEachThreadOnce() throws Exception {
    try (Child child = Child.start(Side.HUSK, List.of(), PROGRAM, "stay")) {
      assertNotNull(child.line("ready", 20_000), () -> "not ready: " + child.err());
      Map<String, String> ids = numbers(child.out());
      Path file = dir.resolve("dump");

      child.jcmd("Thread.dump_to_file", file.toString());
      String text = Files.readString(file);
      Map<String, List<String>> seen =
          find(text, Pattern.compile("^#(\\d+) \"(.*?)\" (\\w+)", Pattern.MULTILINE));
      assertOnce(seen, ids, text);
      assertTrue(text.contains("ManagedProgram.lambda$stay"), text);

      child.jcmd("Thread.dump_to_file", "-overwrite", "-format=json", file.toString());
      String json = Files.readString(file);
      seen =
          find(
              json,
              Pattern.compile(
                  "\"tid\": \"(\\d+)\",\\s+\"time\": \"[^\"]*\",\\s+\"name\":"
                      + " \"(.*?)\",\\s+\"state\": "));
      assertOnce(seen, ids, json);
      assertTrue(json.contains("\"container\": \"husk"), json);

      String print = child.jcmd("Thread.print");
      assertTrue(print.contains("Carrying virtual thread #" + ids.get("app-busy")), print);
    }
  }

  private static Map<String, String> numbers(List<String> out) {
    Map<String, String> numbers = new TreeMap<>();
    for (String line : out) {
      int space = line.indexOf(' ');
      if (space > 0) {
        numbers.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return numbers;
  }

  /** Numbers by name, from a pattern whose first two groups are these. */
  private static Map<String, List<String>> find(String text, Pattern pattern) {
    Map<String, List<String>> found = new TreeMap<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.computeIfAbsent(matcher.group(2), name -> new ArrayList<>()).add(matcher.group(1));
    }
    return found;
  }

  private static void assertOnce(
      Map<String, List<String>> seen, Map<String, String> ids, String dump) {
    NAMES.forEach(
        (name, printed) -> {
          List<String> numbers = seen.getOrDefault(name, List.of());
          assertEquals(1, numbers.size(), () -> name + " in " + dump);
          if (!printed.isEmpty()) {
            assertEquals(ids.get(printed), numbers.getFirst(), () -> name + " in " + dump);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"HUSK", "LINKED"})
  void beanIsInThePlatformServer(Side side) throws Exception {
    List<String> out = run(side, List.of(), "bean");
    Map<String, String> values = numbers(out);
    assertEquals("1", values.get("ThreadsServed"), out::toString);
    assertEquals("2", values.get("ThreadsLive"), out::toString);
    assertEquals("map", values.get("ThreadsLeftToPlatform"), out::toString);
    assertEquals("false", values.get("MountNotices"), out::toString);
    for (String name : List.of("Switches", "Carriers", "Cores", "Sleeps")) {
      assertTrue(Long.parseLong(values.get(name)) > 0, out::toString);
    }
    for (String name :
        List.of("Steals", "HandOffs", "TimersArmed", "TimersExpired", "TimersPending", "WakeUps")) {
      assertTrue(Long.parseLong(values.get(name)) >= 0, out::toString);
    }
    String dump = String.join("\n", out);
    assertTrue(
        Pattern.compile("\"app-sleeping\" #\\d+ daemon TIMED_WAITING").matcher(dump).find(), dump);
    assertTrue(dump.contains("\"main\" #"), dump);
  }

  @Test
  void deadlockOfFacadeAndPlatformThreadIsFound() throws Exception {
    List<String> out = run(Side.HUSK, List.of("-Dhusk.exclude=plain-*"), "deadlock");
    assertTrue(out.contains("found true"), out::toString);
    assertTrue(out.contains("app-served BLOCKED plain-1"), out::toString);
    assertTrue(out.contains("plain-1 WAITING app-served"), out::toString);
  }

  @ParameterizedTest
  @EnumSource(names = {"HUSK", "LINKED"})
  void slowCasesAreEvents(Side side) throws Exception {
    Path file = dir.resolve("slow.jfr");
    run(side, List.of("-XX:StartFlightRecording=filename=" + file), "slow");
    TreeSet<String> names = new TreeSet<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      String name = event.getEventType().getName();
      // On a busy machine main, or a thread of the JDK's, may be slow too.
      if (name.startsWith("dev.husk.")
          && event.hasField("thread")
          && event.getString("thread").startsWith("app-hog-")) {
        names.add(name);
        if (name.equals("dev.husk.HandOff")) {
          assertEquals("overrun", event.getString("reason"), event::toString);
          assertTrue(event.getDuration("ran").toMillis() >= 1, event::toString);
        }
      }
    }
    assertTrue(names.contains("dev.husk.HandOff"), names::toString);
    assertTrue(names.contains("dev.husk.LongQueue"), names::toString);
    assertTrue(names.contains("dev.husk.OwnCarrier"), names::toString);
  }

  /** Start-up pays for what an app uses, and most use neither at the start. */
  @ParameterizedTest
  @EnumSource(names = {"HUSK", "LINKED"})
  void nothingOfManagementIsLoadedUnasked(Side side) throws Exception {
    Path file = dir.resolve("classes");
    run(side, List.of("-Xlog:class+load:file=" + file), "nothing");
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      assertTrue(
          !line.contains(" javax.management.")
              && !line.contains(" java.lang.management.")
              && !line.contains(" sun.management.")
              && !line.contains(" jdk.jfr.")
              && !line.contains("SlowCaseEvents")
              && !line.contains("dev.husk.start.Beans"),
          line);
    }
  }

  private static List<String> run(Side side, List<String> jvmArguments, String what)
      throws Exception {
    try (Child child = Child.start(side, jvmArguments, PROGRAM, what)) {
      assertTrue(child.ends(60_000), () -> "hangs: " + child.out() + child.err());
      return child.out();
    }
  }
}

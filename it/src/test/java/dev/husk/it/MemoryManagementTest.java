package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Husk's off-heap memory as its bean, {@code husk memory} and the flight recorder show it. */
final class MemoryManagementTest {
  private static final String PROGRAM = "dev.husk.it.scenarios.ManagedMemoryProgram";
  private static final String JAR =
      Path.of(System.getProperty("husk.agent.jar", "husk.jar")).toAbsolutePath().toString();

  @TempDir private Path dir;

  @BeforeAll
  static void requireAgent() {
    Side.requireAgent();
    // Against itself the stock JVM has nothing to show.
    Assumptions.assumeFalse(Side.HUSK.arguments().isEmpty());
  }

  private static Child start(String options, String what, String... jvmArguments) {
    List<String> arguments = new ArrayList<>();
    arguments.add("-javaagent:" + JAR + "=" + options);
    arguments.addAll(List.of(jvmArguments));
    return Child.start(Side.STOCK, arguments, PROGRAM, what);
  }

  /** On a JDK that Husk is linked into, where there is no agent. */
  private static final String LINKED = "linked";

  private static Child startOn(String options, String what, String... jvmArguments) {
    return options.equals(LINKED)
        ? Child.start(Side.LINKED, List.of(jvmArguments), PROGRAM, what)
        : start(options, what, jvmArguments);
  }

  private static Map<String, Double> values(List<String> out, String prefix) {
    Map<String, Double> values = new TreeMap<>();
    for (String line : out) {
      int equals = line.indexOf('=');
      if (line.startsWith(prefix) && equals > 0) {
        values.put(
            line.substring(prefix.length(), equals),
            Double.parseDouble(line.substring(equals + 1)));
      }
    }
    return values;
  }

  /** The program's 1000 blocks of 4 KB, 100 of 1 KB and one of 1 MB, and little else. */
  private static void assertHeld(Map<String, Double> values) {
    assertBetween(values, "4 KB", 4_096_000, 4_400_000);
    assertBetween(values, "1 KB", 102_400, 250_000);
    assertBetween(values, "Large", 1 << 20, 1 << 20);
    assertBetween(values, "Used", 5_240_000, 6_500_000);
    assertBetween(values, "Blocks", 1_101, 2_000);
    assertBetween(values, "Slabs", 4_200_000, 7_000_000);
    assertBetween(values, "Mapped", 5_240_000, 1 << 27);
    assertBetween(values, "Fragmentation", 0.001, 0.4);
    assertBetween(values, "Misuses", 0, 0);
    assertEquals(
        1 - values.get("Used") / (values.get("Slabs") + values.get("Large")),
        values.get("Fragmentation"),
        0.02);
  }

  private static void assertBetween(
      Map<String, Double> values, String name, double least, double most) {
    Double value = values.get(name);
    assertTrue(
        value != null && least <= value && value <= most,
        () -> name + " is not from " + least + " to " + most + ": " + values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory=on", "memory=on,threads=off"})
  void beanAndCommandShowWhatIsInUse(String options) throws Exception {
    try (Child child = start(options, "stay")) {
      assertNotNull(child.line("ready", 20_000), () -> "not ready: " + child.err());
      assertHeld(values(child.out(), ""));
      Command husk = memory(child.process().pid() + "");
      assertEquals(0, husk.status, husk.text);
      String text = husk.text;
      assertTrue(text.contains("JVM " + child.process().pid() + ": " + PROGRAM + " stay"), text);
      assertRow(text, "  in use +(5\\.\\d\\d|6\\.[01]\\d) MB +1,[1-9]\\d\\d blocks");
      assertRow(text, "  large blocks +1\\.00 MB");
      assertRow(text, "  fragmentation +\\d+\\.\\d % ");
      assertRow(text, "  mapped +\\d+\\.\\d+ MB ");
      assertRow(text, " +1 KB +\\d+(\\.\\d+)? KB +[12]\\d\\d( +#+)?$");
      assertRow(text, " +4 KB +[34]\\.\\d\\d MB +1,0\\d\\d  #{14,19}$");
      assertRow(text, " +large +1\\.00 MB +1  ###");
      assertTrue(text.contains("Off-heap memory by the place that allocated it (estimated"), text);
    }
  }

  @Test
  void commandSaysWhoHoldsMemory() throws Exception {
    try (Child child = start("memory=checked", "stay")) {
      assertNotNull(child.line("ready", 20_000), () -> "not ready: " + child.err());
      Command husk = memory(child.process().pid() + "", "--top=2");
      assertEquals(0, husk.status, husk.text);
      String place = ", age \\d+ s.*: " + Pattern.quote(PROGRAM) + "\\.buffers\\(.*";
      assertRow(husk.text, "3\\.9 MB in 1000 blocks" + place);
      assertRow(husk.text, "1 MB in 1 block" + place);
      assertRow(husk.text, "  at " + Pattern.quote(PROGRAM) + "\\.hold\\(");
      assertRow(husk.text, "\\d+(\\.\\d)? KB in \\d+ other places$");
    }
  }

  private static void assertRow(String text, String row) {
    Matcher matcher = Pattern.compile("^" + row, Pattern.MULTILINE).matcher(text);
    assertTrue(matcher.find(), () -> row + " in\n" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory=on", LINKED})
  void whatIsFreedGoesBack(String options) throws Exception {
    try (Child child = startOn(options, "back")) {
      assertTrue(child.ends(40_000), () -> "hangs: " + child.out() + child.err());
      assertHeld(values(child.out(), "before "));
      Map<String, Double> after = values(child.out(), "after ");
      assertBetween(after, "Returned", 4_000_000, 1 << 24);
      assertBetween(after, "Used", 0, 1_000_000);
      assertFalse(after.containsKey("4 KB") && after.get("4 KB") > 400_000, after::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory=on", "memory=on,threads=off", LINKED})
  void slowPathsAreEvents(String options) throws Exception {
    Path file = dir.resolve("memory.jfr");
    try (Child child =
        startOn(
            options,
            "limit",
            "-XX:StartFlightRecording=filename=" + file,
            "-XX:MaxDirectMemorySize=16m")) {
      assertTrue(child.ends(60_000), () -> "hangs: " + child.out() + child.err());
      assertTrue(child.out().contains("garbage made room"), () -> "" + child.out() + child.err());
      assertTrue(child.out().contains("held true"), () -> "" + child.out() + child.err());
    }
    long mapped = 0;
    long total = 0;
    long returned = 0;
    int granted = 0;
    int refused = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      switch (event.getEventType().getName()) {
        case "dev.husk.MemoryMapped" -> {
          mapped += event.getLong("bytes");
          total = Math.max(total, event.getLong("total"));
          assertTrue(event.getLong("total") >= event.getLong("bytes"), event::toString);
        }
        case "dev.husk.MemoryReturned" -> {
          returned += event.getLong("bytes");
          assertTrue(event.getDuration("took").toNanos() > 0, event::toString);
        }
        case "dev.husk.DirectMemoryLimit" -> {
          assertEquals(64 << 10, event.getLong("size"), event::toString);
          if (event.getBoolean("granted")) {
            granted++;
            assertTrue(stack(event).contains("ManagedMemoryProgram.limit"), event::toString);
          } else {
            refused++;
            // The waits of 1, 2, 4, … 256 ms.
            assertTrue(event.getDuration("waited").toMillis() >= 500, event::toString);
          }
        }
        default -> {}
      }
    }
    // All of the 16 MB, but for what was mapped before the recording and what the C library has.
    assertTrue(mapped >= 4 << 20 && total >= mapped, mapped + " of " + total);
    assertTrue(returned >= 1_000_000, "returned " + returned);
    assertTrue(granted >= 1, "granted " + granted);
    assertEquals(1, refused);
  }

  private static String stack(RecordedEvent event) {
    StringBuilder text = new StringBuilder();
    event
        .getStackTrace()
        .getFrames()
        .forEach(
            frame ->
                text.append(frame.getMethod().getType().getName())
                    .append('.')
                    .append(frame.getMethod().getName())
                    .append('\n'));
    return text.toString();
  }

  /** Start-up pays for what an app uses, and most use neither at the start. */
  @Test
  void nothingOfManagementIsLoadedUnasked() throws Exception {
    Path file = dir.resolve("classes");
    try (Child child = start("memory=on", "nothing", "-Xlog:class+load:file=" + file)) {
      assertTrue(child.ends(20_000), () -> "hangs: " + child.out() + child.err());
    }
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      assertTrue(
          !line.contains(" javax.management.")
              && !line.contains(" java.lang.management.")
              && !line.contains(" jdk.jfr.")
              && !line.contains("MemoryEvents")
              && !line.contains("MemoryMXBean")
              && !line.contains("dev.husk.start.Beans"),
          line);
    }
  }

  /** Husk comes to a JVM whose management was there before it. */
  @Test
  @SuppressWarnings("BanJNDI") // Its own child on loopback.
  void beanComesWhereHuskIsAttached() throws Exception {
    try (Child child =
        Child.start(
            Side.STOCK,
            List.of("-XX:+EnableDynamicAgentLoading"),
            "dev.husk.it.scenarios.AttachedProgram")) {
      assertNotNull(child.line("ready", 20_000), () -> "not ready: " + child.err());
      VirtualMachine vm = VirtualMachine.attach(Long.toString(child.process().pid()));
      JMXServiceURL management = new JMXServiceURL(vm.startLocalManagementAgent());
      try (JMXConnector connector = JMXConnectorFactory.connect(management)) {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        ObjectName memory = new ObjectName("dev.husk:type=Memory");
        assertFalse(server.isRegistered(memory));
        vm.loadAgent(JAR, "memory=on,threads=off");
        assertTrue(server.isRegistered(memory), () -> "no bean: " + child.err());
        assertFalse(server.isRegistered(new ObjectName("dev.husk:type=Threads")));
        assertTrue((long) server.getAttribute(memory, "Used") >= 0);
      }
      vm.detach();
    }
  }

  @Test
  void commandListsJvmsWithHusk() throws Exception {
    try (Child on = start("memory=on", "stay");
        Child linked = startOn(LINKED, "stay");
        Child off = start("memory=off", "wait")) {
      assertNotNull(on.line("ready", 20_000), () -> "not ready: " + on.err());
      assertNotNull(linked.line("ready", 20_000), () -> "not ready: " + linked.err());
      assertNotNull(off.line("waits", 20_000), () -> "not ready: " + off.err());
      Command husk = memory();
      assertEquals(0, husk.status, husk.text);
      assertRow(husk.text, " +" + on.process().pid() + " +[56]\\.\\d\\d MB  " + PROGRAM + " stay");
      assertRow(
          husk.text, " +" + linked.process().pid() + " +[56]\\.\\d\\d MB  " + PROGRAM + " stay");
      assertRow(husk.text, " +" + off.process().pid() + " +memory=off  " + PROGRAM);
      Command none = memory(off.process().pid() + "");
      assertEquals(1, none.status, none.text);
      assertTrue(none.text.contains("start the app with the option memory=on"), none.text);
    }
  }

  @Test
  void commandSaysThatAJvmHasNoHuskOrRefuses() throws Exception {
    try (Child stock = Child.start(Side.STOCK, List.of(), PROGRAM, "wait");
        Child closed =
            Child.start(Side.STOCK, List.of("-XX:+DisableAttachMechanism"), PROGRAM, "wait")) {
      assertNotNull(stock.line("waits", 20_000), () -> "not ready: " + stock.err());
      assertNotNull(closed.line("waits", 20_000), () -> "not ready: " + closed.err());
      Command husk = memory(stock.process().pid() + "");
      assertEquals(1, husk.status, husk.text);
      assertTrue(husk.text.contains(PROGRAM + " wait) runs without Husk"), husk.text);
      husk = memory(closed.process().pid() + "");
      assertEquals(1, husk.status, husk.text);
      assertTrue(husk.text.contains("can't be attached to"), husk.text);
      assertTrue(husk.text.contains("-XX:+DisableAttachMechanism"), husk.text);
    }
  }

  private record Command(int status, String text) {}

  /** Runs {@code husk memory}. */
  private Command memory(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.husk.cli.Main"));
    command.add("memory");
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(dir, "husk", ".txt");
    Process husk =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(husk.waitFor(30, TimeUnit.SECONDS), "hangs: " + Files.readString(output));
    } finally {
      husk.destroyForcibly();
    }
    return new Command(husk.exitValue(), Files.readString(output));
  }
}

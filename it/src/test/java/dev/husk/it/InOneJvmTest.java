package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.husk.it.Both.Results;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Existing servers with their clients in the same JVM: they say the same on both sides, and on Husk
 * their connections stay in the process. What they do with off-heap memory is checked, too.
 */
final class InOneJvmTest {
  private static final long MILLIS = 90_000;

  /** With the connections that there are at least to the port that the program names. */
  @ParameterizedTest
  @CsvSource({
    "Netty, , 216",
    "Tomcat, , 22",
    "Jetty, , 22",
    "Undertow, , 22",
    "JdkServer, , 22",
    "H2, , 9",
    "Zookeeper, NIO, 9",
    "Zookeeper, Netty, 9",
    "Kafka, , 5"
  })
  void saysTheSame(String program, String argument, long connections) throws Exception {
    List<String> err = new ArrayList<>();
    Results<List<String>> results =
        Both.run(
            side -> {
              String[] arguments = argument == null ? new String[0] : new String[] {argument};
              try (Child child =
                  Child.start(
                      side,
                      List.of("-Dhusk.stats=true", "-Dhusk.memory=checked"),
                      "dev.husk.it.servers.InOne" + program,
                      arguments)) {
                List<String> said = new ArrayList<>();
                if (child.ends(MILLIS)) {
                  said.addAll(child.out());
                  said.add("exit " + child.process().exitValue());
                  if (child.process().exitValue() != 0) {
                    said.addAll(child.err());
                  }
                } else {
                  said.addAll(child.out());
                  said.add("HANG\n" + String.join("\n", child.err()) + "\n" + child.threadDump());
                }
                if (side == Side.HUSK) {
                  err.addAll(child.err());
                }
                return said;
              }
            });
    String port = withoutPort(results.husk());
    withoutPort(results.stock());
    String difference = Transcript.difference("line", results.stock(), results.husk());
    if (!difference.isEmpty()) {
      fail(program + difference);
    }
    assertEquals("exit 0", results.husk().getLast());

    assumeFalse(System.getProperty("husk.it.peer", "husk").equals("stock"));
    String found = "husk: connections to " + port + " in the process: ";
    long inProcess =
        err.stream()
            .filter(line -> line.startsWith(found))
            .mapToLong(line -> Long.parseLong(line.substring(found.length())))
            .sum();
    assertTrue(inProcess >= connections, () -> String.join("\n", err));
    assertTrue(
        err.stream().noneMatch(line -> line.contains(" left to the kernel, ")),
        () -> String.join("\n", err));
    assertTrue(
        err.stream().noneMatch(line -> line.startsWith("husk: off-heap memory")),
        () -> String.join("\n", err));
    assertTrue(
        err.stream().anyMatch(line -> line.startsWith("husk: off-heap blocks in use: ")),
        () -> String.join("\n", err));
  }

  /** Takes out the line that differs each time. */
  private static String withoutPort(List<String> said) {
    for (String line : said) {
      if (line.startsWith("port ")) {
        said.remove(line);
        return line;
      }
    }
    return "no port";
  }
}

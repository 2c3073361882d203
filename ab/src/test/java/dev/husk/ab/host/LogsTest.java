package dev.husk.ab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogsTest {
  @TempDir private Path directory;

  @Test
  void theEndOfALogHasNoFramesOfStackTraces() throws IOException {
    Path log = directory.resolve("app.log");
    Files.writeString(
        log,
        "starting\n"
            + "java.lang.IllegalStateException: no bean\n"
            + "\tat java.base/java.net.Socket.connect(Socket.java:1) ~[na:na]\n".repeat(80)
            + "Caused by: java.net.BindException: Address already in use\n"
            + "\tat app//com.example.Main.lambda$main$0(Main.java)\n"
            + "\t... 12 more\n");
    assertEquals(
        "; it said (all of it is in "
            + log
            + "):\n"
            + "  starting\n"
            + "  java.lang.IllegalStateException: no bean\n"
            + "  Caused by: java.net.BindException: Address already in use",
        Logs.tail(log));
  }
}

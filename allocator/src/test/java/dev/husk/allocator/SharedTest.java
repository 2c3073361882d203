package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SharedTest {
  @Test
  void othersCanMapIt() throws Exception {
    assumeTrue("Linux".equals(System.getProperty("os.name")));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!argument.startsWith("-javaagent:")) {
        command.add(argument);
      }
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), SharedProgram.class.getName()));
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!program.waitFor(60, TimeUnit.SECONDS)) {
      program.destroyForcibly();
    }
    assertEquals("ok", output.strip());
    assertEquals(0, program.exitValue());
  }

  @Test
  void privateMemoryIsNotFound() {
    long block = Allocator.allocate(300_000);
    assertNull(SharedRegion.find(block));
    Allocator.free(block);
  }
}

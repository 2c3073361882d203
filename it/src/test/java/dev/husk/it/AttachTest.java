package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import dev.husk.it.Both.Results;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Husk comes to a JVM that runs already: it serves the threads that start from then on. */
final class AttachTest {
  @Test
  void laterThreadsAreServed() throws Exception {
    Results<List<String>> results =
        Both.run(
            side -> {
              try (Child child =
                  Child.start(
                      Side.STOCK,
                      List.of("-XX:+EnableDynamicAgentLoading"),
                      "dev.husk.it.scenarios.AttachedProgram")) {
                assertNotNull(child.line("ready", 20_000), () -> "not ready: " + child.err());
                if (!side.arguments().isEmpty()) {
                  VirtualMachine vm = VirtualMachine.attach(Long.toString(child.process().pid()));
                  vm.loadAgent(side.arguments().getFirst().substring("-javaagent:".length()));
                  vm.detach();
                  assertTrue(says(child, "husk: attached"), () -> "nothing said: " + child.err());
                }
                child.process().getOutputStream().write("go\n".getBytes(StandardCharsets.UTF_8));
                child.process().getOutputStream().flush();
                assertTrue(child.ends(30_000), () -> "hangs: " + child.out() + child.threadDump());
                return Text.normalised(child.out());
              }
            });
    assertEquals(results.stock(), results.husk());
  }

  private static boolean says(Child child, String what) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      if (String.join("\n", child.err()).contains(what)) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }
}

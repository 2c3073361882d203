package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import dev.husk.it.Both.Results;
import dev.husk.it.second.LaterAgent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;

/**
 * Husk comes to a JVM that runs already and serves the threads that start from then on; another
 * agent comes to a JVM that Husk is in.
 */
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

  /** The VM's notices to agents are off under Husk alone, and on once another agent has come. */
  @Test
  @SuppressWarnings("BanJNDI") // Its own child on loopback.
  void anotherAgentMayComeLater() throws Exception {
    Side.requireAgent();
    Path later = AgentJar.of("Agent-Class", LaterAgent.class);
    try (Child child =
        Child.start(
            Side.HUSK,
            List.of("-XX:+EnableDynamicAgentLoading", "-Xmx1g"),
            "dev.husk.it.scenarios.SoakProgram",
            "8",
            "500",
            "1")) {
      // A JVM that hasn't come that far answers with a NullPointerException, a stock one, too.
      assertNotNull(child.line("soak begins", 20_000), () -> "doesn't begin: " + child.err());
      VirtualMachine vm = VirtualMachine.attach(Long.toString(child.process().pid()));
      JMXServiceURL management = new JMXServiceURL(vm.startLocalManagementAgent());
      try (JMXConnector connector = JMXConnectorFactory.connect(management)) {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        ObjectName threads = new ObjectName("dev.husk:type=Threads");
        assertTrue(comes(server, threads), () -> "no bean: " + child.err());
        assertEquals(false, server.getAttribute(threads, "MountNotices"));
        vm.loadAgent(later.toString());
        assertEquals(true, server.getAttribute(threads, "MountNotices"));
      }
      vm.detach();
      assertTrue(child.ends(60_000), () -> "hangs: " + child.out() + child.threadDump());
      assertEquals("soak passed", child.out().getLast(), () -> "" + child.out() + child.err());
    }
  }

  /** Management was there before Husk. */
  @Test
  @SuppressWarnings("BanJNDI") // Its own child on loopback.
  void beanComesToServerThatIsThere() throws Exception {
    Side.requireAgent();
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
        ObjectName threads = new ObjectName("dev.husk:type=Threads");
        assertFalse(server.isRegistered(threads));
        vm.loadAgent(Side.HUSK.arguments().getFirst().substring("-javaagent:".length()));
        assertTrue(comes(server, threads), () -> "no bean: " + child.err());
        assertTrue((int) server.getAttribute(threads, "Carriers") > 0);
      }
      vm.detach();
    }
  }

  /** An attaching tool may be faster than the agent of the command line. */
  private static boolean comes(MBeanServerConnection server, ObjectName name) throws Exception {
    for (int i = 0; i < 1000 && !server.isRegistered(name); i++) {
      Thread.sleep(10);
    }
    return server.isRegistered(name);
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

package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import org.junit.jupiter.api.Test;

/** The switch is found, and left alone where an agent may want the notices. */
class MountNoticesTest {
  private static final File JAR = new File("some folder/husk.jar");

  @Test
  void theVmTellsWhereItsSwitchIs() {
    String type = "JvmtiVTMSTransitionDisabler";
    long address = VmStructs.addressOf(type, "_VTMS_notify_jvmti_events", "bool");
    assertNotEquals(0, address);
    // This JVM has no agent.
    assertEquals(0, Jdk.U.getByte(address));
    assertEquals(0, VmStructs.addressOf(type, "_VTMS_notify_jvmti_events", "int"));
    assertEquals(0, VmStructs.addressOf(type, "_VTMS_notify", "bool"));
    assertEquals(0, VmStructs.addressOf("NoSuchType", "_VTMS_notify_jvmti_events", "bool"));
  }

  @Test
  void huskAloneOrFirst() {
    assertNull(otherAgent("-Xmx1g", "-javaagent:some folder/husk.jar"));
    assertNull(otherAgent("-javaagent:" + JAR.getAbsolutePath() + "=stats,log=info"));
    assertNull(otherAgent("-javaagent:./some folder/husk.jar", "-javaagent:other.jar"));
  }

  @Test
  void anotherCameBefore() {
    assertEquals(
        "-javaagent:other.jar=x", otherAgent("-javaagent:other.jar=x", "-javaagent:" + JAR));
    assertEquals("-javaagent:husk.jar", otherAgent("-javaagent:husk.jar"));
  }

  @Test
  void nativeAgentsComeBeforeAnyJavaAgent() {
    String[] agents = {"-agentlib:jdwp=server=y", "-agentpath:/x/y.so", "-Xrunjdwp:server=y"};
    for (String agent : agents) {
      assertEquals(agent, otherAgent("-javaagent:" + JAR, agent));
      assertEquals(agent, otherAgent(agent, "-javaagent:" + JAR));
    }
  }

  private static String otherAgent(String... arguments) {
    return MountNotices.otherAgent(arguments, JAR);
  }
}

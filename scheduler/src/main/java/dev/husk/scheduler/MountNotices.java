package dev.husk.scheduler;

import java.io.File;
import java.io.IOException;
import jdk.internal.misc.VM;
import org.jspecify.annotations.Nullable;

/**
 * The VM's notices of each mount and unmount of a virtual thread to JVMTI agents (profilers,
 * debuggers).
 *
 * <p>The VM turns them on when the first agent comes, whether it wants them or not, and they cost
 * each switch about 110 ns. An agent in Java never hears of them. So where none but Java agents
 * come with the JVM's start, and before the first virtual thread runs, they are turned off again,
 * as HotSpot's own tests do it (JvmtiEnvBase::disable_virtual_threads_notify_jvmti). The VM then is
 * as one without an agent: it turns them on when an agent is attached later, and repairs what
 * wasn't kept up meanwhile (VM_SetNotifyJvmtiEventsMode).
 */
final class MountNotices {
  private static final String JAVA_AGENT = "-javaagent:";

  private static final String[] NATIVE_AGENTS = {"-agentlib:", "-agentpath:", "-Xrun", "-Xdebug"};

  /** Address of the VM's switch, 0 where it wasn't looked for or isn't known. */
  private static long address;

  private MountNotices() {}

  /**
   * Turns them off where nobody can miss them. Called at the JVM's start, while no virtual thread
   * has been started.
   *
   * @param huskJar the Java agent that Husk comes with
   * @return null, or why they stay on
   */
  static @Nullable String turnOff(File huskJar) {
    String agent = otherAgent(VM.getRuntimeArguments(), huskJar);
    if (agent != null) {
      return agent + " may want them";
    }
    long found = find();
    if (found == 0) {
      return "this JVM does not say where its switch is";
    }
    Jdk.U.putByteVolatile(null, found, (byte) 0);
    return null;
  }

  /**
   * The first argument that may have brought a native agent into this JVM before Husk, or null. A
   * Java agent behind Husk may bring one, too: the VM is up by then and turns the notices on.
   */
  static @Nullable String otherAgent(String @Nullable [] arguments, File huskJar) {
    if (arguments == null) {
      return "an unknown agent";
    }
    boolean huskCame = false;
    for (String argument : arguments) {
      if (argument.startsWith(JAVA_AGENT)) {
        huskCame = huskCame || isAgent(argument, huskJar);
        if (!huskCame) {
          return argument;
        }
      }
      for (String prefix : NATIVE_AGENTS) {
        if (argument.startsWith(prefix)) {
          return argument;
        }
      }
    }
    return null;
  }

  private static boolean isAgent(String argument, File jar) {
    int equals = argument.indexOf('=');
    String path = argument.substring(JAVA_AGENT.length(), equals < 0 ? argument.length() : equals);
    try {
      return new File(path).getCanonicalFile().equals(jar.getCanonicalFile());
    } catch (IOException e) {
      return false;
    }
  }

  private static long find() {
    if (address == 0) {
      address =
          VmStructs.addressOf("JvmtiVTMSTransitionDisabler", "_VTMS_notify_jvmti_events", "bool");
    }
    return address;
  }

  /** Whether they are on; also where it isn't known. In a linked JDK no agent turns them on. */
  static boolean areOn() {
    long found = find();
    return found == 0 || Jdk.U.getByteVolatile(null, found) != 0;
  }
}

package dev.husk.agent;

import dev.husk.start.Reporter;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;

/**
 * Someone may have made the platform's MBean server before the seam was in: a tool that attached
 * while the JVM started, or the app, where Husk is what attached. Loaded where {@code
 * ManagementFactory} is.
 */
final class EarlyManagement {
  private EarlyManagement() {}

  /** Tells the reporter of the server, if there is one; making one takes some 50 ms. */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // The lock is the factory's own.
  static void look(Instrumentation instrumentation, Reporter reporter)
      throws ReflectiveOperationException {
    instrumentation.redefineModule(
        ManagementFactory.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang.management", Set.of(EarlyManagement.class.getModule())),
        Set.of(),
        Map.of());
    VarHandle platform =
        MethodHandles.privateLookupIn(ManagementFactory.class, MethodHandles.lookup())
            .findStaticVarHandle(ManagementFactory.class, "platformMBeanServer", MBeanServer.class);
    synchronized (ManagementFactory.class) {
      if (platform.get() != null) {
        reporter.mbeanServerCreated();
      }
    }
  }
}

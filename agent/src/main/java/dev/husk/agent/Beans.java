package dev.husk.agent;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Puts Husk's beans into the platform's MBean server: those of the groups that are in. */
final class Beans {
  private Beans() {}

  /** Registers them with the server, which is there. */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // The lock is the factory's own.
  static void register(boolean threads, boolean memory) throws JMException {
    // Under the lock under which the server is made: the seam may have been in time after all.
    synchronized (ManagementFactory.class) {
      if (threads) {
        register(
            ThreadsMXBean.NAME, new StandardMBean(new ThreadsBean(), ThreadsMXBean.class, true));
      }
      if (memory) {
        register(MemoryMXBean.NAME, new MemoryBean());
      }
    }
  }

  private static void register(String name, StandardMBean bean) throws JMException {
    ObjectName key = new ObjectName(name);
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    if (!server.isRegistered(key)) {
      server.registerMBean(bean, key);
    }
  }

  /** The same, if the platform's server is there; making one takes some 50 ms. */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // As above.
  static void registerWhereServerIs(
      boolean threads, boolean memory, Instrumentation instrumentation)
      throws JMException, ReflectiveOperationException {
    instrumentation.redefineModule(
        ManagementFactory.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang.management", Set.of(Beans.class.getModule())),
        Set.of(),
        Map.of());
    VarHandle platform =
        MethodHandles.privateLookupIn(ManagementFactory.class, MethodHandles.lookup())
            .findStaticVarHandle(ManagementFactory.class, "platformMBeanServer", MBeanServer.class);
    synchronized (ManagementFactory.class) {
      if (platform.get() != null) {
        register(threads, memory);
      }
    }
  }
}

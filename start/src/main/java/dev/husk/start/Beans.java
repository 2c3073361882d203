package dev.husk.start;

import java.lang.management.ManagementFactory;
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
}

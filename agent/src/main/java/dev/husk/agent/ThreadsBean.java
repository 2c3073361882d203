package dev.husk.agent;

import dev.husk.scheduler.Statistics;
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

/** Reads the scheduler's counters. */
final class ThreadsBean implements ThreadsMXBean {
  private ThreadsBean() {}

  /** Puts the bean into the platform's server, which is there. */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // The lock is the factory's own.
  static void register() throws JMException {
    ObjectName name = new ObjectName(NAME);
    // Under the lock under which the server is made: the seam may have been in time after all.
    synchronized (ManagementFactory.class) {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      if (!server.isRegistered(name)) {
        server.registerMBean(new StandardMBean(new ThreadsBean(), ThreadsMXBean.class, true), name);
      }
    }
  }

  /** The same, if the platform's server is there; making one takes some 50 ms. */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // As above.
  static void registerWhereServerIs(Instrumentation instrumentation)
      throws JMException, ReflectiveOperationException {
    instrumentation.redefineModule(
        ManagementFactory.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang.management", Set.of(ThreadsBean.class.getModule())),
        Set.of(),
        Map.of());
    VarHandle platform =
        MethodHandles.privateLookupIn(ManagementFactory.class, MethodHandles.lookup())
            .findStaticVarHandle(ManagementFactory.class, "platformMBeanServer", MBeanServer.class);
    synchronized (ManagementFactory.class) {
      if (platform.get() != null) {
        register();
      }
    }
  }

  @Override
  public long getThreadsServed() {
    return Statistics.threadsServed();
  }

  @Override
  public int getThreadsLive() {
    return Statistics.threadsLive();
  }

  @Override
  public Map<String, Long> getThreadsLeftToPlatform() {
    return Statistics.threadsLeft();
  }

  @Override
  public long getSwitches() {
    return Statistics.switches();
  }

  @Override
  public long getSteals() {
    return Statistics.steals();
  }

  @Override
  public long getHandOffs() {
    return Statistics.handOffs();
  }

  @Override
  public long getTimersArmed() {
    return Statistics.timersArmed();
  }

  @Override
  public long getTimersExpired() {
    return Statistics.timersExpired();
  }

  @Override
  public int getTimersPending() {
    return Statistics.timersPending();
  }

  @Override
  public long getSleeps() {
    return Statistics.sleeps();
  }

  @Override
  public long getWakeUps() {
    return Statistics.wakeUps();
  }

  @Override
  public long getDescriptorMoves() {
    return Statistics.descriptorMoves();
  }

  @Override
  public int getCarriers() {
    return Statistics.carriers();
  }

  @Override
  public int getCores() {
    return Statistics.cores();
  }

  @Override
  public boolean isMountNotices() {
    return Statistics.mountNotices();
  }

  @Override
  public String threadDump() {
    return Statistics.threadDump();
  }
}

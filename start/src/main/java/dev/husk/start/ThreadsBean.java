package dev.husk.start;

import dev.husk.scheduler.Statistics;
import java.util.Map;

/** Reads the scheduler's counters. */
final class ThreadsBean implements ThreadsMXBean {
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

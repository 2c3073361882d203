package dev.husk.netpath.guest;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Wakes for a DHCP client when it has something to do, half a lease later as a rule, and makes the
 * device what comes of it. There is a socket for it at those moments only: while one is open, the
 * kernel brings it each packet of the app, too.
 */
final class LeaseKeeper extends Thread {
  /** How long to listen after a message: a server that answers does so within seconds. */
  private static final long LISTEN = TimeUnit.SECONDS.toNanos(10);

  /** After a failure of this machine's own. */
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(30);

  private final DhcpClient client;
  private final DeviceSetup setup;

  LeaseKeeper(DhcpClient client, DeviceSetup setup) {
    super(null, null, "husk-network", 0, false);
    this.client = client;
    this.setup = setup;
    setDaemon(true);
  }

  @Override
  public void run() {
    String failure = null;
    for (; ; ) {
      long wait = client.untilNext(System.nanoTime());
      if (wait == Long.MAX_VALUE) {
        return; // The lease has no end.
      }
      sleepFor(failure == null ? wait : Math.max(wait, PAUSE));
      NetworkConfig before = client.lease();
      try (Port port = PacketSocket.open(setup.link())) {
        client.run(port, LISTEN);
        failure = null;
      } catch (IOException e) {
        String line = setup.link() + ": DHCP: " + e.getMessage();
        if (!line.equals(failure)) {
          GuestBoot.say(line);
        }
        failure = line;
      }
      NetworkConfig after = client.lease();
      if (after != before) {
        tell(before, after);
        setup.become(after);
      }
    }
  }

  private void tell(@Nullable NetworkConfig before, @Nullable NetworkConfig after) {
    if (after == null) {
      GuestBoot.say(setup.link() + ": the lease has ended; still asking for another");
    } else if (before == null || !after.addresses().equals(before.addresses())) {
      GuestBoot.say(setup.link() + ": the address is " + after.addresses().getFirst() + " now");
    }
  }

  private static void sleepFor(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      // By whoever interrupts all threads there are: the lease is to be kept all the same.
    }
  }
}

package dev.husk.netpath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.runtime.config.OptionException;
import dev.husk.runtime.config.Options;
import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.Endpoint;
import dev.husk.scheduler.HuskThreads;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a connect waits for room in a listener's backlog. */
@Timeout(60)
final class SynRetriesTest {
  private static final long MILLIS = 1_000_000;
  private static final long NEVER = 3_600_000 * MILLIS;
  private static final int FAILED = Endpoint.IN | Endpoint.OUT | Endpoint.ERR | Endpoint.HUP;

  private final InetAddress address = InetAddress.getLoopbackAddress();
  private final Listener listener = new Listener(address, Ports.of(1), 0, new SocketNote(false));

  SynRetriesTest() {
    Descriptors.open(listener);
  }

  @BeforeAll
  static void startScheduler() throws OptionException {
    HuskThreads.prepare(Options.parse(null, new Properties()));
  }

  private Stream connect(boolean blocking, long limit) {
    SynRetries.setNanos(limit);
    SocketNote note = new SocketNote(false);
    note.blocking = blocking;
    Stream client = Stream.connect(address, 2, address, 1, note, listener, new PortCount());
    Descriptors.open(client);
    client.peer().open();
    listener.add(client);
    return client;
  }

  private static void assertTimedOut(Stream client) {
    IOException e = assertThrows(ConnectException.class, client::isConnected);
    assertEquals("Connection timed out", e.getMessage());
  }

  @Test
  void secondsAreTheKernels() {
    assertEquals(131, SynRetries.seconds(6, 4));
    assertEquals(127, SynRetries.seconds(6, 0));
    // Measured, in a network namespace with these settings.
    assertEquals(3, SynRetries.seconds(1, 0));
    assertEquals(9, SynRetries.seconds(2, 2));
    // No timeout is longer than two minutes.
    assertEquals(127 + 2 * 120, SynRetries.seconds(8, 0));
  }

  @Test
  void aBlockingConnectTimesOut() throws IOException {
    assertTrue(connect(true, NEVER).finishConnect());
    Stream second = connect(true, 50 * MILLIS);
    assertThrows(ConnectException.class, second::finishConnect);
    assertTimedOut(second);
  }

  @Test
  void aNonBlockingConnectTimesOut() throws Exception {
    connect(false, NEVER);
    Stream second = connect(false, 50 * MILLIS);
    assertFalse(second.isConnected());
    assertEquals(0, second.poll());
    second.block(true, 0);
    assertEquals(FAILED, second.poll());
    assertTimedOut(second);
  }

  @Test
  void oneThatTimedOutIsNotAccepted() throws IOException {
    connect(true, NEVER);
    Stream second = connect(true, 50 * MILLIS);
    Stream third = connect(true, NEVER);
    assertThrows(ConnectException.class, second::finishConnect);
    accept();
    assertTimedOut(second);
    assertTrue(third.finishConnect());
  }

  @Test
  void oneThatGotRoomDoesNotTimeOut() throws Exception {
    connect(true, NEVER);
    Stream second = connect(true, 200 * MILLIS);
    accept();
    Thread.sleep(300);
    assertTrue(second.finishConnect());
  }

  /** Nothing stays of clients that give up, however many, though nobody accepts. */
  @Test
  void oneThatGivesUpLeavesTheListener() throws IOException {
    connect(true, NEVER);
    int before = Descriptors.openVirtual();
    Stream second = connect(true, NEVER);
    assertEquals(before + 2, Descriptors.openVirtual());
    second.close();
    assertEquals(before + 1, Descriptors.openVirtual());
  }

  private void accept() throws IOException {
    assertEquals(
        1, listener.accept(new FileDescriptor(), new FileDescriptor(), new InetSocketAddress[1]));
  }
}

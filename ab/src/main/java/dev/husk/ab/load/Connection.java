package dev.husk.ab.load;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link Loop}, over all the sockets that it has one after the other. */
final class Connection {
  /** What it is at. */
  enum State {
    /** No socket; a new one is tried at {@link #since}. */
    DOWN,
    CONNECTING,
    FREE,
    /** A request is under way. */
    BUSY
  }

  final Exchange exchange;
  State state = State.DOWN;
  @Nullable SocketChannel channel;
  @Nullable SelectionKey key;

  /** When its state began, {@link System#nanoTime}. */
  long since;

  /** The request under way, or the last one: its number, when it was due. */
  long number;

  long due;

  /** What is left of the request to be sent. */
  ByteBuffer out = ByteBuffer.allocate(0);

  /** Whether this socket has had a reply. */
  boolean used;

  /** How long it had been free when the request was sent, ns. */
  long rested;

  /** Whether the request was sent a second time. */
  boolean again;

  Connection(Exchange exchange) {
    this.exchange = exchange;
  }
}

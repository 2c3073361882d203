package dev.husk.ab.load;

import java.nio.ByteBuffer;

/**
 * Bytes that come back as they are. Those of a request depend on its number alone, so that a reply
 * that belongs to another request is seen to be wrong.
 */
final class EchoExchange implements Exchange {
  private final ByteBuffer bytes;
  private final ByteBuffer expected;
  private String problem = "";

  EchoExchange(int length) {
    // Filled by eights.
    bytes = ByteBuffer.allocateDirect((length + 7) & -8);
    bytes.limit(length);
    expected = bytes.duplicate();
  }

  /** Writes a request's bytes into the whole of a buffer, whose capacity is a multiple of 8. */
  static void fill(ByteBuffer buffer, long number) {
    long state = number;
    for (int i = 0; i < buffer.capacity(); i += 8) {
      // SplitMix64: any two numbers give different streams.
      state += 0x9e3779b97f4a7c15L;
      long mixed = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
      buffer.putLong(i, mixed ^ mixed >>> 31);
    }
  }

  @Override
  public ByteBuffer begin(long number) {
    int length = bytes.limit();
    bytes.clear();
    fill(bytes, number);
    bytes.limit(length).position(0);
    expected.limit(length).position(0);
    return bytes;
  }

  @Override
  public Reply receive(ByteBuffer in) {
    while (in.hasRemaining() && expected.hasRemaining()) {
      byte came = in.get();
      byte due = expected.get();
      if (came != due) {
        problem =
            "byte %d of %d is 0x%02x; expected was 0x%02x, which was sent"
                .formatted(expected.position(), expected.limit(), came, due);
        return Reply.WRONG;
      }
    }
    if (in.hasRemaining()) {
      problem = "more than the " + expected.limit() + " bytes sent came back";
      return Reply.WRONG;
    }
    return expected.hasRemaining() ? Reply.PARTIAL : Reply.CORRECT;
  }

  @Override
  public Reply end() {
    return Reply.MISSING;
  }

  @Override
  public boolean begun() {
    return expected.position() > 0;
  }

  @Override
  public boolean reusable() {
    return !expected.hasRemaining();
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public String unasked(ByteBuffer in) {
    return "the app sent " + in.remaining() + " bytes though nothing was asked";
  }
}

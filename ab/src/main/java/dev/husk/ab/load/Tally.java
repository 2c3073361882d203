package dev.husk.ab.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What one thread of the driver has counted. */
final class Tally {
  private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

  /** Of correct replies, ns. */
  final Histogram latencies = new Histogram(LONGEST, 3);

  /** How much later than it was due and a connection was free each request was sent, ns. */
  final Histogram lateness = new Histogram(LONGEST, 2);

  private long replies;
  private long wrong;
  private long missing;
  private @Nullable String firstWrong;
  private long firstWrongAt;

  /** When the last reply came, {@link System#nanoTime}. */
  private long lastReply;

  private boolean anyReply;

  void sent(long late) {
    lateness.recordValue(Math.clamp(late, 0, LONGEST));
  }

  void correct(long due, long now) {
    replies++;
    latencies.recordValue(Math.clamp(now - due, 0, LONGEST));
    replyAt(now);
  }

  void wrong(String why, long now) {
    wrong++;
    first(why, now);
    replyAt(now);
  }

  void missing(long number, String why, long now) {
    missing += number;
    first(why, now);
  }

  private void replyAt(long now) {
    lastReply = anyReply ? Math.max(lastReply, now) : now;
    anyReply = true;
  }

  private void first(String why, long now) {
    if (firstWrong == null || now < firstWrongAt) {
      firstWrong = why;
      firstWrongAt = now;
    }
  }

  void add(Tally other) {
    latencies.add(other.latencies);
    lateness.add(other.lateness);
    replies += other.replies;
    wrong += other.wrong;
    missing += other.missing;
    if (other.firstWrong != null) {
      first(other.firstWrong, other.firstWrongAt);
    }
    if (other.anyReply) {
      replyAt(other.lastReply);
    }
  }

  long replies() {
    return replies;
  }

  long wrong() {
    return wrong;
  }

  long missing() {
    return missing;
  }

  @Nullable String firstWrong() {
    return firstWrong;
  }

  /** When the last reply came, or the given time where none did. */
  long lastReply(long otherwise) {
    return anyReply ? lastReply : otherwise;
  }
}

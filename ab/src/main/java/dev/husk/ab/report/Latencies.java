package dev.husk.ab.report;

import dev.husk.ab.Round;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The latencies of rounds, together.
 *
 * @param sum of the rounds' histograms, ns; empty when none has any
 * @param unreadable how many rounds have something that isn't a histogram, and are left out
 */
record Latencies(Histogram sum, int unreadable) {
  /** Reads what rounds have. */
  static Latencies of(List<Round> rounds) {
    Histogram sum = new Histogram(3);
    int unreadable = 0;
    for (Round round : rounds) {
      try {
        if (!round.latencies().isEmpty()) {
          sum.add(decode(round.latencies()));
        }
      } catch (DataFormatException | IllegalArgumentException | IndexOutOfBoundsException e) {
        unreadable++;
      }
    }
    return new Latencies(sum, unreadable);
  }

  /** The histogram's own text, which in a line of a log is what follows the last comma. */
  private static Histogram decode(String text) throws DataFormatException {
    String encoded = text.substring(text.lastIndexOf(',') + 1).strip();
    return Histogram.decodeFromCompressedByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
  }
}

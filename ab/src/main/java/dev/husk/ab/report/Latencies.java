package dev.husk.ab.report;

import dev.husk.ab.Round;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Reads the latencies of rounds back. */
final class Latencies {
  private Latencies() {}

  /**
   * The sum of rounds' histograms, ns; an empty one when none has any. A histogram that can't be
   * read is left out: the rest of the report is worth having.
   */
  static Histogram merge(List<Round> rounds) {
    Histogram sum = new Histogram(3);
    for (Round round : rounds) {
      try {
        if (!round.latencies().isEmpty()) {
          sum.add(decode(round.latencies()));
        }
      } catch (DataFormatException | IllegalArgumentException | IndexOutOfBoundsException e) {
        continue;
      }
    }
    return sum;
  }

  /** The histogram's own text, which in a line of a log is what follows the last comma. */
  private static Histogram decode(String text) throws DataFormatException {
    String encoded = text.substring(text.lastIndexOf(',') + 1).strip();
    return Histogram.decodeFromCompressedByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
  }
}

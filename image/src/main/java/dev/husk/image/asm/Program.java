package dev.husk.image.asm;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An assembled program: its bytes at their address, and the source that they come from. */
public final class Program {
  private static final int BYTES_IN_A_ROW = 10;

  private final long origin;
  private final byte[] bytes;
  private final Map<String, Long> labels;
  private final long reservedAddress;
  private final int reservedSize;
  private final List<Line> lines;

  Program(
      long origin,
      byte[] bytes,
      Map<String, Long> labels,
      long reservedAddress,
      int reservedSize,
      List<Line> lines) {
    this.origin = origin;
    this.bytes = bytes;
    this.labels = labels;
    this.reservedAddress = reservedAddress;
    this.reservedSize = reservedSize;
    this.lines = List.copyOf(lines);
  }

  /** The address of the first byte. */
  long origin() {
    return origin;
  }

  /** A copy of the instructions and the data, in this order. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The address of every label, in the order of the source. */
  Map<String, Long> labels() {
    return labels;
  }

  /** The address of a label. */
  long address(String label) {
    Long address = labels.get(label);
    if (address == null) {
      throw new IllegalArgumentException("no label " + label);
    }
    return address;
  }

  /** Where the space begins that is zero at the start; the first page behind the bytes. */
  long reservedAddress() {
    return reservedAddress;
  }

  /** How many bytes of that there are. */
  int reservedSize() {
    return reservedSize;
  }

  /** Each instruction and each piece of data. */
  List<Line> lines() {
    return lines;
  }

  /** The source with address and bytes of each line, and each label on a line before its own. */
  public String listing() {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      long address = origin + line.offset();
      labels.forEach(
          (label, place) -> {
            if (place == address) {
              text.append(label).append(":\n");
            }
          });
      int shown = Math.min(line.length(), BYTES_IN_A_ROW);
      String hex =
          HexFormat.ofDelimiter(" ").formatHex(bytes, line.offset(), line.offset() + shown)
              + (shown < line.length() ? " .." : "");
      String row = "%8x  %-32s  %-40s".formatted(address, hex, line.text());
      text.append((line.note().isEmpty() ? row : row + "  ; " + line.note()).stripTrailing());
      text.append('\n');
    }
    return text.toString();
  }
}

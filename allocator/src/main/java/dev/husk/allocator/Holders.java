package dev.husk.allocator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Who holds the off-heap memory: the blocks that are watched, by the place that allocated them. */
final class Holders implements Consumer<Tenant>, WatchVisitor {
  /** Frames that tell two places from each other, and that are shown. */
  private static final int FRAMES = 12;

  private static final long KILO = 1024;
  private static final double SECOND = 1e9;

  private final Map<String, Place> places = new HashMap<>();
  private final long now = System.nanoTime();

  private Holders() {}

  /** One place, with what it holds. */
  private static final class Place {
    final String name;
    final String trace;
    double bytes;
    double blocks;
    long oldest = Long.MIN_VALUE;
    long youngest = Long.MAX_VALUE;

    Place(String name, String trace) {
      this.name = name;
      this.trace = trace;
    }
  }

  /** The largest first. */
  private static final class ByBytes implements Comparator<Place> {
    @Override
    public int compare(Place one, Place other) {
      return Double.compare(other.bytes, one.bytes);
    }
  }

  /** Walks over the page map. Any thread; takes milliseconds, more where much is watched. */
  static String top(int count) {
    Holders holders = new Holders();
    PageMap.forEach(holders);
    List<Place> all = new ArrayList<>(holders.places.values());
    Collections.sort(all, new ByBytes());
    StringBuilder out = new StringBuilder();
    out.append(
        Checks.isOn()
            ? "Off-heap memory by the place that allocated it (each block is watched)\n"
            : "Off-heap memory by the place that allocated it (estimated: a block in each "
                + bytes(Sampling.MEAN)
                + " is watched)\n");
    double rest = 0;
    for (int i = 0; i < all.size(); i++) {
      if (i < count) {
        holders.append(out, all.get(i));
      } else {
        rest += all.get(i).bytes;
      }
    }
    if (all.isEmpty()) {
      out.append("nothing that is watched\n");
    } else if (rest > 0) {
      out.append(bytes(rest)).append(" in ").append(all.size() - count).append(" other places\n");
    }
    return out.toString();
  }

  @Override
  public void accept(Tenant tenant) {
    tenant.show(this);
  }

  @Override
  public void visit(Watch watch) {
    String trace = watch.trace(FRAMES);
    Place place = places.get(trace);
    if (place == null) {
      place = new Place(watch.place(), trace);
      places.put(trace, place);
    }
    long age = now - watch.born;
    place.bytes += watch.weight();
    place.blocks += watch.blocks;
    place.oldest = Math.max(place.oldest, age);
    place.youngest = Math.min(place.youngest, age);
  }

  private void append(StringBuilder out, Place place) {
    long blocks = Math.max(1, Math.round(place.blocks));
    out.append(bytes(place.bytes)).append(" in ").append(blocks);
    out.append(blocks == 1 ? " block, age " : " blocks, age ");
    out.append(seconds(place.youngest));
    if (blocks > 1) {
      out.append(" to ").append(seconds(place.oldest));
    }
    out.append(": ").append(place.name).append('\n').append(place.trace);
  }

  private static String seconds(long nanos) {
    return Math.round(Math.max(0, nanos) / SECOND) + " s";
  }

  /** Bytes as people read them. */
  static String bytes(double bytes) {
    if (bytes < KILO) {
      return Math.round(bytes) + " B";
    }
    if (bytes < KILO * KILO) {
      return tenths(bytes / KILO) + " KB";
    }
    if (bytes < KILO * KILO * KILO) {
      return tenths(bytes / (KILO * KILO)) + " MB";
    }
    return tenths(bytes / (KILO * KILO * KILO)) + " GB";
  }

  private static String tenths(double value) {
    long tenths = Math.round(value * 10);
    return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10);
  }
}

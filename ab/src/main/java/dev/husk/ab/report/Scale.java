package dev.husk.ab.report;

import java.util.ArrayList;
import java.util.List;

/** Where values lie on an axis. */
sealed interface Scale {
  /**
   * The place of a value: 0 at the beginning of the axis, 1 at its end; what is beyond is kept in.
   */
  double at(double value);

  /** Round values to put marks at, rising, at most so many, where that is possible. */
  List<Double> ticks(int most);

  /** A scale with equal steps, from a round number to a round number around the values. */
  static Scale linear(double least, double greatest) {
    double span = greatest > least ? greatest - least : Math.max(1e-9, Math.abs(greatest));
    double step = Linear.step(span / 5);
    return new Linear(Math.floor(least / step) * step, Math.ceil((least + span) / step) * step);
  }

  /** A scale with equal factors, over exactly these values, which must be above 0. */
  static Scale log(double least, double greatest) {
    return new Log(least, greatest > least ? greatest : 10 * least);
  }

  /**
   * A scale with marks of its own.
   *
   * @param marks rising; those in the middle are left out where there is no room
   */
  record Marked(Scale scale, List<Double> marks) implements Scale {
    @Override
    public double at(double value) {
      return scale.at(value);
    }

    @Override
    public List<Double> ticks(int most) {
      return marks.size() <= most ? marks : List.of(marks.getFirst(), marks.getLast());
    }
  }

  /** Equal steps. */
  record Linear(double least, double greatest) implements Scale {
    @Override
    public double at(double value) {
      return Math.clamp((value - least) / (greatest - least), 0, 1);
    }

    @Override
    public List<Double> ticks(int most) {
      double step = step((greatest - least) / Math.max(1, most - 1));
      List<Double> ticks = new ArrayList<>();
      for (long i = (long) Math.ceil(least / step - 1e-9);
          i * step <= greatest + 1e-9 * step;
          i++) {
        ticks.add(i * step);
      }
      return ticks;
    }

    /** The least of 1, 2, 5 times a power of ten that isn't less. */
    static double step(double least) {
      double power = Math.pow(10, Math.floor(Math.log10(least)));
      double factor = least / power;
      return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
  }

  /** Equal factors. */
  record Log(double least, double greatest) implements Scale {
    @Override
    public double at(double value) {
      return Math.clamp(Math.log(value / least) / Math.log(greatest / least), 0, 1);
    }

    @Override
    public List<Double> ticks(int most) {
      for (double[] factors : new double[][] {{1, 2, 5}, {1}}) {
        List<Double> ticks = ticks(1, factors);
        if (ticks.size() <= most) {
          return ticks;
        }
      }
      int decades = 2;
      while (ticks(decades, new double[] {1}).size() > most && decades < 20) {
        decades++;
      }
      return ticks(decades, new double[] {1});
    }

    private List<Double> ticks(int decades, double[] factors) {
      List<Double> ticks = new ArrayList<>();
      int first = (int) Math.floor(Math.log10(least));
      for (int power = first; power <= Math.log10(greatest); power++) {
        for (double factor : factors) {
          double tick = factor * Math.pow(10, power);
          if (Math.floorMod(power, decades) == 0
              && tick >= least * (1 - 1e-9)
              && tick <= greatest * (1 + 1e-9)) {
            ticks.add(tick);
          }
        }
      }
      return ticks;
    }
  }
}

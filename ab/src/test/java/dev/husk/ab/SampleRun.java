package dev.husk.ab;

import dev.husk.ab.load.DriverState;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Results as a real run gives them, from a small model of a server and a fixed seed. */
public final class SampleRun {
  /** Markup in each text that comes from outside, to see it escaped. */
  public static final String FOREIGN = "<img src=x onerror=alert(1)> & \"quotes\" 'apostrophes'";

  private static final double LIMIT_MILLIS = 10;
  private static final int FIXED_RATE = 5_000;
  private static final int[] RATES = {
    1_000, 2_000, 4_000, 5_600, 8_000, 9_500, 11_200, 13_500, 16_000
  };

  /** How a variant does. */
  private record Profile(
      Variant variant,
      double capacity,
      double serviceMillis,
      double cpuPerThousand,
      double rss,
      double firstReply,
      double noise) {}

  private static final Profile STOCK =
      new Profile(Variant.STOCK, 9_000, 0.35, 0.31, 412, 2_140, 0.02);
  private static final Profile HUSK =
      new Profile(Variant.HUSK, 14_600, 0.21, 0.19, 371, 2_155, 0.02);
  private static final Profile ZGC =
      new Profile(Variant.parse("husk-zgc=husk -XX:+UseZGC"), 12_300, 0.24, 0.27, 655, 2_320, 0.02);

  private final Random random = new Random(5);
  private final List<Profile> profiles;
  private final int rounds;

  private SampleRun(int rounds, Profile... profiles) {
    this.profiles = List.of(profiles);
    this.rounds = rounds;
  }

  /** Stock and Husk, six rounds, all well. */
  public static Results two() {
    return new SampleRun(6, STOCK, HUSK).run();
  }

  /** A third variant, another collector. */
  public static Results three() {
    return new SampleRun(6, STOCK, HUSK, ZGC).run();
  }

  /** More variants than a page is wide. */
  public static Results five() {
    return new SampleRun(4, STOCK, HUSK, ZGC, named(ZGC, "virtual-threads"), named(HUSK, "jdk-27"))
        .run();
  }

  /** Husk is no faster than stock. */
  public static Results same() {
    return new SampleRun(6, STOCK, named(STOCK, "husk")).run();
  }

  /** A machine on which rounds lie far apart. */
  public static Results noisy() {
    return new SampleRun(6, noisy(STOCK), noisy(named(STOCK, "husk"))).run();
  }

  /** Too few rounds for a verdict. */
  public static Results few() {
    return new SampleRun(3, STOCK, HUSK).run();
  }

  /** The third variant answers wrongly in a round and dies in another, with hostile texts. */
  public static Results failing() {
    Results results = three();
    List<Round> all = new ArrayList<>(results.rounds());
    for (int i = 0; i < all.size(); i++) {
      Round round = all.get(i);
      if (!round.variant().equals(ZGC.variant().name())) {
        continue;
      }
      if (round.number() == 2) {
        all.set(
            i,
            failed(
                round,
                Round.Kind.WRONG_REPLY,
                "GET /orders/17: expected 200 with 5,120 bytes, got 500 with " + FOREIGN));
      } else if (round.number() == 5) {
        all.set(
            i,
            failed(
                round,
                Round.Kind.DIED,
                "the app was killed by signal 9 after 12 s under load; see its log\n"
                    + "java.lang.OutOfMemoryError: Java heap space"));
      }
    }
    return with(
        results, true, all, List.of("The driver shares processor 1 with the app: " + FOREIGN));
  }

  /** Interrupted in the third round. */
  public static Results partial() {
    Results results = two();
    return with(results, false, results.rounds().subList(0, 5), List.of());
  }

  /** Interrupted before the first round had ended. */
  public static Results empty() {
    return with(two(), false, List.of(), List.of());
  }

  /** These results with other rounds and warnings. */
  public static Results with(
      Results results, boolean complete, List<Round> rounds, List<String> warnings) {
    return new Results(
        results.title(),
        results.started(),
        complete,
        results.command(),
        results.appCommand(),
        results.loadDescription(),
        results.latencyLimitMillis(),
        results.fixedRate(),
        results.variants(),
        results.figures(),
        results.headline(),
        rounds,
        results.environment(),
        warnings);
  }

  /** A run with values of one figure only, a list for each variant: "a", "b", "c". */
  public static Results of(Figure figure, double[]... values) {
    List<Variant> variants = new ArrayList<>();
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Variant variant = named(STOCK, Character.toString('a' + i)).variant();
      variants.add(variant);
      for (int j = 0; j < values[i].length; j++) {
        rounds.add(round(j + 1, i + 1, variant.name(), Map.of(figure.id(), values[i][j]), null));
      }
    }
    Results results = two();
    return new Results(
        results.title(),
        results.started(),
        true,
        results.command(),
        results.appCommand(),
        results.loadDescription(),
        results.latencyLimitMillis(),
        results.fixedRate(),
        variants,
        List.of(figure),
        List.of(figure.id()),
        rounds,
        results.environment(),
        List.of());
  }

  /** A round without curve, latencies or samples. */
  public static Round round(
      int number,
      int position,
      String variant,
      Map<String, Double> figures,
      Round.@Nullable Failure failure) {
    return new Round(
        number, position, variant, figures, List.of(), "", List.of(), 8, true, 0.02, List.of(),
        failure, "");
  }

  /** That round, gone wrong. */
  public static Round failed(Round round, Round.Kind kind, String message) {
    return new Round(
        round.number(),
        round.position(),
        round.variant(),
        Map.of(),
        List.of(),
        "",
        round.samples(),
        round.warmUpSeconds(),
        round.warm(),
        round.otherCpu(),
        round.notes(),
        new Round.Failure(kind, message),
        round.log());
  }

  private static Profile named(Profile profile, String name) {
    return new Profile(
        new Variant(name, true, "", null, List.of(), Map.of()),
        profile.capacity,
        profile.serviceMillis,
        profile.cpuPerThousand,
        profile.rss,
        profile.firstReply,
        profile.noise);
  }

  private static Profile noisy(Profile profile) {
    return new Profile(
        profile.variant,
        profile.capacity,
        profile.serviceMillis,
        profile.cpuPerThousand,
        profile.rss,
        profile.firstReply,
        0.35);
  }

  private Results run() {
    List<Round> all = new ArrayList<>();
    for (int number = 1; number <= rounds; number++) {
      List<Profile> order = new ArrayList<>(profiles);
      java.util.Collections.shuffle(order, random);
      for (int position = 1; position <= order.size(); position++) {
        all.add(round(number, position, order.get(position - 1)));
      }
    }
    List<Figure> figures = new ArrayList<>(Figure.ALL);
    figures.remove(Figure.CLOSED_THROUGHPUT);
    figures.add(new Figure("orders", "orders a minute", "1/min", Figure.Better.HIGHER, 0));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("machine", "AMD EPYC 7B13, 4 processors, 15.6 GB, KVM");
    environment.put("kernel", "Linux 6.1.0-38-amd64, Debian 12");
    environment.put("JDK", "Temurin 25.0.1+8 (/usr/lib/jvm/temurin-25-jdk-amd64)");
    environment.put("Husk", "0.1.0-SNAPSHOT");
    environment.put("app runs on", "processors 0-1, memory limit 1,024 MB");
    environment.put("driver runs on", "processors 2-3");
    return new Results(
        "orders.jar",
        Instant.parse("2026-11-28T18:00:00Z"),
        true,
        List.of(
            "husk",
            "ab",
            "--rounds",
            String.valueOf(rounds),
            "--url",
            "http://localhost:8080/orders?customer=7&page=1",
            "--latency-limit",
            "10ms",
            "--variant",
            "husk-zgc=husk -XX:+UseZGC",
            "--",
            "java",
            "-jar",
            "orders.jar"),
        "java -jar orders.jar",
        "GET http://localhost:8080/orders?customer=7&page=1 over 64 connections, replies checked",
        LIMIT_MILLIS,
        FIXED_RATE,
        profiles.stream().map(Profile::variant).toList(),
        List.copyOf(figures),
        List.of(Figure.THROUGHPUT.id(), Figure.P99.id(), Figure.CPU.id(), Figure.RSS.id()),
        List.copyOf(all),
        environment,
        List.of());
  }

  private Round round(int number, int position, Profile profile) {
    List<RatePoint> curve = Arrays.stream(RATES).mapToObj(rate -> point(profile, rate)).toList();
    Histogram latencies = new Histogram(60_000_000_000L, 3);
    for (int i = 0; i < 20_000; i++) {
      double millis = profile.serviceMillis * Math.exp(0.45 * random.nextGaussian());
      if (random.nextInt(400) == 0) {
        millis += 3 * random.nextDouble(); // a collection
      }
      latencies.recordValue((long) (1e6 * millis));
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("throughput", near(profile, profile.capacity * 0.93));
    figures.put("first_reply", near(profile, profile.firstReply));
    figures.put("p50", latencies.getValueAtPercentile(50) / 1e6);
    figures.put("p90", latencies.getValueAtPercentile(90) / 1e6);
    figures.put("p99", near(profile, latencies.getValueAtPercentile(99) / 1e6));
    figures.put("p99_9", latencies.getValueAtPercentile(99.9) / 1e6);
    figures.put("p99_99", latencies.getValueAtPercentile(99.99) / 1e6);
    figures.put("max", latencies.getMaxValue() / 1e6);
    figures.put("cpu", near(profile, profile.cpuPerThousand));
    figures.put("rss", near(profile, profile.rss));
    figures.put("heap", near(profile, profile.rss * 0.6));
    figures.put("off_heap", near(profile, profile.rss * 0.4));
    figures.put("voluntary_switches", near(profile, profile.serviceMillis * 6));
    figures.put("involuntary_switches", near(profile, 0.02));
    figures.put("gc_pauses", profile == ZGC ? 0 : near(profile, 84));
    figures.put("gc_longest", profile == ZGC ? 0 : near(profile, 6));
    figures.put("loopback", 5_812.0);
    figures.put("orders", near(profile, profile.capacity * 30));
    String name = profile.variant.name();
    return new Round(
        number,
        position,
        name,
        figures,
        curve,
        encode(latencies),
        samples(profile),
        near(profile, 14),
        number != 4 || position != 1,
        profile.noise > 0.1 ? 0.1 + 0.3 * random.nextDouble() : 0.03 * random.nextDouble(),
        List.of(),
        null,
        "logs/round-" + number + "/" + name + ".log");
  }

  private RatePoint point(Profile profile, int rate) {
    double capacity = near(profile, profile.capacity);
    double load = rate / capacity;
    boolean saturated = load >= 0.97;
    double p50 =
        saturated
            ? 900 * load * load
            : near(profile, profile.serviceMillis * (1 + 0.5 * load / (1 - load)));
    double p99 = saturated ? p50 * 2.1 : near(profile, p50 * (3 + 6 * load * load));
    return new RatePoint(
        rate,
        Math.min(rate, capacity * 0.97),
        p50,
        p99,
        p99 * 1.7,
        p99 * 2.4,
        saturated ? (long) (rate * 0.1) : 0,
        rate == 16_000 && profile.capacity > 14_000
            ? new DriverState(0, 0.97, 0.02, "one of its threads was busy for 97 % of the time")
            : DriverState.IDLE);
  }

  private List<Sample> samples(Profile profile) {
    List<Sample> samples = new ArrayList<>();
    double rss = 60;
    for (int second = 1; second <= 60; second++) {
      double goal = second < 5 ? 0.5 * profile.rss : profile.rss * (0.9 + 0.1 * second / 60);
      rss += (goal - rss) * 0.3;
      double cores =
          second < 3
              ? 1.8
              : second < 20 ? 2.1 * profile.cpuPerThousand / 0.31 : 5 * profile.cpuPerThousand;
      samples.add(
          new Sample(
              second + 0.2 * random.nextDouble(),
              Math.min(2, near(profile, cores)),
              near(profile, rss)));
    }
    return samples;
  }

  private double near(Profile profile, double value) {
    return value * Math.max(0.1, 1 + profile.noise * random.nextGaussian());
  }

  private static String encode(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }
}

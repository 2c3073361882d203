package dev.husk.bench.suite;

import dev.husk.bench.measure.Variant;
import dev.husk.bench.probe.Churn;
import dev.husk.bench.probe.Collected;
import dev.husk.bench.probe.HandOver;
import dev.husk.bench.probe.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The benchmarks of off-heap memory. */
final class MemoryBenchmarks {
  private static final String STOCK = "stock";
  private static final String HUSK = "husk";
  private static final String GLIBC = "glibc";
  private static final String JEMALLOC = "jemalloc";
  private static final String MIMALLOC = "mimalloc";
  private static final String NETTY_POOLED = "netty pooled";
  private static final String NETTY_ADAPTIVE = "netty adaptive";
  private static final String ZEROING = "zeroing";

  /** A whole heap that is there from the start, so that resident memory tells of the rest. */
  private static final String[] FIXED_HEAP = {
    "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"
  };

  private static final String[] ACCESS = {
    "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"
  };

  private static final List<Metric> NANOS =
      List.of(
          new Metric("ns", "mean ns", 1),
          new Metric("p50", "p50 ns", 1),
          new Metric("p99", "p99 ns", 1));

  private MemoryBenchmarks() {}

  static List<Benchmark> all() {
    List<Benchmark> all = new ArrayList<>();
    for (int threads = 1; threads <= 2; threads++) {
      for (int size : new int[] {256, 4 << 10, 64 << 10}) {
        all.add(direct(size, threads));
      }
    }
    for (int size : new int[] {256, 4 << 10, 64 << 10}) {
      all.add(bare(size));
    }
    all.add(collected());
    all.add(handOver());
    all.add(churn());
    return all;
  }

  private static Benchmark direct(int size, int threads) {
    double factor =
        switch (size) {
          case 256 -> threads == 1 ? 2 : 4;
          case 4 << 10 -> threads == 1 ? 1.7 : 2;
          default -> 1;
        };
    List<Bar> bars = new ArrayList<>();
    bars.add(Bar.atMost("ns", HUSK, 1 / factor, STOCK));
    if (size == 64 << 10 && threads == 1) {
      bars.add(Bar.atMost("ns", HUSK, 1.1, ZEROING));
    }
    return new ProbeBenchmark(
        "direct-" + size + "-" + threads,
        "allocateDirect and invokeCleaner, " + size + " bytes, " + threads(threads),
        NANOS,
        List.of(
            Variant.stock(STOCK, Memory.class, memory("direct", size, threads)).withJvmArgs(ACCESS),
            Variant.stock(ZEROING, Memory.class, memory("zeroing", size, threads))
                .withJvmArgs(ACCESS),
            Variant.husk(HUSK, Memory.class, memory("direct", size, threads)).withJvmArgs(ACCESS)),
        bars);
  }

  private static Benchmark bare(int size) {
    List<Variant> variants = new ArrayList<>();
    variants.add(Variant.stock(STOCK, Memory.class, memory("unsafe", size, 1)).withJvmArgs(ACCESS));
    variants.addAll(libraries(Memory.class, ACCESS, memory("malloc", size, 1)));
    variants.add(
        Variant.stock(NETTY_POOLED, Memory.class, memory("netty-pooled", size, 1))
            .withJvmArgs(Suite.NETTY_ARGS));
    variants.add(
        Variant.stock(NETTY_ADAPTIVE, Memory.class, memory("netty-adaptive", size, 1))
            .withJvmArgs(Suite.NETTY_ARGS));
    variants.add(Variant.husk(HUSK, Memory.class, memory("unsafe", size, 1)).withJvmArgs(ACCESS));
    List<Bar> bars = new ArrayList<>();
    for (String peer : List.of(MIMALLOC, NETTY_POOLED, NETTY_ADAPTIVE)) {
      if (variants.stream().anyMatch(variant -> variant.name().equals(peer))) {
        bars.add(Bar.atMost("ns", HUSK, 1, peer));
      }
    }
    return new ProbeBenchmark(
        "bare-" + size, "allocate and free, " + size + " bytes, one thread", NANOS, variants, bars);
  }

  private static Benchmark collected() {
    String limit = "-XX:MaxDirectMemorySize=256m";
    return new ProbeBenchmark(
        "collected",
        "allocateDirect of 4096 bytes, released by the collector, at a limit of 256 MB",
        List.of(
            new Metric("ns", "mean ns", 1),
            new Metric("p50", "p50 ns", 0),
            new Metric("max", "longest ms", 2)),
        List.of(
            Variant.stock(STOCK, Collected.class).withJvmArgs(limit),
            Variant.husk(HUSK, Collected.class).withJvmArgs(limit)),
        List.of(Bar.atMost("ns", HUSK, 0.5, STOCK), Bar.atMost("max", HUSK, 1, STOCK)));
  }

  private static Benchmark handOver() {
    String[] args = {"size=256"};
    List<Variant> variants = new ArrayList<>();
    variants.add(Variant.stock(STOCK, HandOver.class, args).withJvmArgs(ACCESS));
    variants.addAll(libraries(HandOver.class, ACCESS, "size=256", "by=malloc"));
    variants.add(Variant.husk(HUSK, HandOver.class, args).withJvmArgs(ACCESS));
    return new ProbeBenchmark(
        "handover",
        "one thread allocates 256 bytes, another frees them",
        List.of(new Metric("Mblocks/s", "million/s", 2)),
        variants,
        barAgainst(JEMALLOC, variants, Bar.atLeast("Mblocks/s", HUSK, 2, JEMALLOC)));
  }

  private static Benchmark churn() {
    String[] jvm = Stream.of(ACCESS, FIXED_HEAP).flatMap(Stream::of).toArray(String[]::new);
    List<Variant> variants = new ArrayList<>();
    variants.add(Variant.stock(STOCK, Churn.class).withJvmArgs(jvm));
    variants.addAll(libraries(Churn.class, jvm, "by=malloc"));
    variants.add(Variant.husk(HUSK, Churn.class).withJvmArgs(jvm));
    return new ProbeBenchmark(
        "churn",
        "100,000 blocks of 16 to 32,767 bytes, replaced at random; 30 s later; nine of ten freed,"
            + " and 30 s later",
        List.of(
            new Metric("peak/live", "peak / live", 3),
            new Metric("later/live", "30 s later / live", 3),
            new Metric("few/live", "few left / live", 3),
            new Metric("Mreplaced", "million replaced", 1)),
        variants,
        barAgainst(JEMALLOC, variants, Bar.atMost("peak/live", HUSK, 1, JEMALLOC)));
  }

  private static List<Bar> barAgainst(String peer, List<Variant> variants, Bar bar) {
    return variants.stream().anyMatch(variant -> variant.name().equals(peer))
        ? List.of(bar)
        : List.of();
  }

  /** The same with glibc's malloc and with those of Debian's packages that are installed. */
  private static List<Variant> libraries(Class<?> program, String[] jvm, String... args) {
    List<Variant> variants = new ArrayList<>();
    variants.add(Variant.stock(GLIBC, program, args).withJvmArgs(jvm));
    for (String name : List.of(JEMALLOC, MIMALLOC)) {
      Path library = library(name);
      if (library != null) {
        variants.add(
            Variant.stock(name, program, args)
                .startedBy("env", "LD_PRELOAD=" + library)
                .withJvmArgs(
                    Stream.concat(Stream.of(jvm), Stream.of("-Dmalloc.library=" + library))
                        .toArray(String[]::new)));
      }
    }
    return variants;
  }

  /** Such as {@code /usr/lib/x86_64-linux-gnu/libjemalloc.so.2}; null where there is none. */
  private static @Nullable Path library(String name) {
    try (DirectoryStream<Path> architectures =
        Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-*")) {
      for (Path architecture : architectures) {
        try (DirectoryStream<Path> found =
            Files.newDirectoryStream(architecture, "lib" + name + ".so.*")) {
          for (Path library : found) {
            return library;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return null;
  }

  private static String[] memory(String by, int size, int threads) {
    return new String[] {"by=" + by, "size=" + size, "at=" + threads};
  }

  private static String threads(int threads) {
    return threads == 1 ? "one thread" : threads + " threads";
  }
}

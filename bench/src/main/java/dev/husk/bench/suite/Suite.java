package dev.husk.bench.suite;

import dev.husk.bench.measure.Variant;
import dev.husk.bench.peer.NettyServer;
import dev.husk.bench.probe.Bulk;
import dev.husk.bench.probe.Connect;
import dev.husk.bench.probe.Cpu;
import dev.husk.bench.probe.Echo;
import dev.husk.bench.probe.Locks;
import dev.husk.bench.probe.NettyEcho;
import dev.husk.bench.probe.PingPong;
import dev.husk.bench.probe.Sleeper;
import dev.husk.bench.probe.Spawn;
import dev.husk.examples.http.BlockingServer;
import dev.husk.examples.tomcat.TomcatServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The benchmarks there are. In all of them "platform" and "virtual" are the stock JVM's threads,
 * and "husk" is the program of "platform", unchanged, with the agent.
 */
public final class Suite {
  private static final String PLATFORM = "platform";
  private static final String VIRTUAL = "virtual";
  private static final String HUSK = "husk";
  private static final String ONE_CORE = "one core";
  private static final String APART = "apart";
  private static final String NETTY_EPOLL = "netty epoll";

  private static final List<Metric> NANOS =
      List.of(
          new Metric("ns", "mean ns", 0),
          new Metric("p50", "p50 ns", 0),
          new Metric("p99", "p99 ns", 0),
          new Metric("p99.9", "p99.9 ns", 0));
  private static final List<Metric> MICROS =
      List.of(
          new Metric("wakes", "wake-ups", 0),
          new Metric("p50", "p50 µs", 0),
          new Metric("p99", "p99 µs", 0),
          new Metric("p99.9", "p99.9 µs", 0),
          new Metric("max", "max µs", 0));

  /** What lets Netty do its best on this JDK. */
  static final String[] NETTY_ARGS = {
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dio.netty.buffer.checkAccessible=false",
    "-Dio.netty.buffer.checkBounds=false",
    "-Dio.netty.leakDetection.level=disabled"
  };

  private Suite() {}

  /** All benchmarks, in the order of the table in {@code docs/performance.md}. */
  public static List<Benchmark> all() {
    List<Benchmark> all = new ArrayList<>();
    all.add(pingPong());
    all.add(spawn("spawn", "start a thread that does nothing and join it", 1));
    all.add(spawn("spawn-batch", "start 1000 threads that do nothing, per thread", 1000));
    all.add(http(64));
    all.add(http(512));
    all.add(http(1));
    all.add(tomcat());
    all.add(sleeper());
    all.add(notifyPingPong());
    for (int contenders : new int[] {2, 8, 64}) {
      for (int held : new int[] {10, 300}) {
        all.add(locks(contenders, held));
      }
    }
    all.add(echo("echo", "64 bytes and back over Socket streams, in one JVM", "by=stream"));
    all.add(
        echo("echo-selector", "the same over non-blocking channels and selectors", "by=selector"));
    all.add(echoToOther());
    all.add(bulk());
    all.add(connect());
    all.add(nettyEcho());
    all.add(cpu("current", "Thread.currentThread() in a loop, per call"));
    all.add(cpu("numeric", "floating-point loops"));
    all.add(cpu("objects", "maps, strings and streams"));
    all.add(cpu("mnemonics", "mnemonics of the Renaissance suite"));
    all.add(cpu("compiler", "javac over 4 generated classes"));
    all.addAll(MemoryBenchmarks.all());
    all.add(new StartupBenchmark());
    all.add(new IdleBenchmark());
    return all;
  }

  private static Benchmark tomcat() {
    int connections = 64;
    return new HttpBenchmark(
        "tomcat-" + connections,
        "Tomcat with a blocking servlet, " + keepAlive(connections),
        connections,
        "Hello from Tomcat\n",
        List.of(
            Variant.stock("stock", TomcatServer.class),
            Variant.stock("stock virtual", TomcatServer.class, "--threads=virtual"),
            Variant.husk(HUSK, TomcatServer.class)),
        List.of());
  }

  private static Benchmark http(int connections) {
    List<Variant> variants =
        List.of(
            Variant.stock(PLATFORM, BlockingServer.class, "--threads=platform"),
            Variant.stock(VIRTUAL, BlockingServer.class, "--threads=virtual"),
            Variant.stock("netty nio", NettyServer.class, "--transport=nio")
                .withJvmArgs(NETTY_ARGS),
            Variant.stock(NETTY_EPOLL, NettyServer.class, "--transport=epoll")
                .withJvmArgs(NETTY_ARGS),
            Variant.husk(HUSK, BlockingServer.class, "--threads=platform"));
    List<Bar> bars =
        connections == 1
            ? List.of(
                Bar.atLeast("requests/s", HUSK, 1, PLATFORM),
                Bar.atMost("cpu", HUSK, 1, PLATFORM),
                Bar.atMost("cpu", HUSK, 0.5, VIRTUAL))
            : List.of(
                Bar.atLeast("requests/s", HUSK, 1, NETTY_EPOLL),
                Bar.atMost("cpu", HUSK, 0.9, NETTY_EPOLL));
    return new HttpBenchmark(
        "http-" + connections,
        "blocking HTTP server, " + keepAlive(connections),
        connections,
        "Hello, World!",
        variants,
        bars);
  }

  private static Benchmark pingPong() {
    Variant free = Variant.stock(PLATFORM, PingPong.class, "by=park");
    return new ProbeBenchmark(
        "pingpong",
        "park/unpark round trip between two threads",
        NANOS,
        List.of(
            free,
            Variant.stock(ONE_CORE, PingPong.class, "by=park").startedBy("taskset", "-c", "0"),
            Variant.stock(APART, PingPong.class, "by=park", "place=apart"),
            Variant.stock(VIRTUAL, PingPong.class, "by=park", "threads=virtual"),
            Variant.husk(HUSK, PingPong.class, "by=park"),
            Variant.husk("husk virtual", PingPong.class, "by=park", "threads=virtual")),
        List.of(
            Bar.atMost("ns", HUSK, 0.1, ONE_CORE),
            Bar.atMost("ns", HUSK, 0.01, APART),
            Bar.atMost("ns", HUSK, 1 / 1.5, VIRTUAL)));
  }

  private static Benchmark notifyPingPong() {
    return new ProbeBenchmark(
        "notify",
        "wait/notify round trip between two threads",
        NANOS,
        List.of(
            Variant.stock(PLATFORM, PingPong.class, "by=notify"),
            Variant.stock(ONE_CORE, PingPong.class, "by=notify").startedBy("taskset", "-c", "0"),
            Variant.stock(APART, PingPong.class, "by=notify", "place=apart"),
            Variant.stock(VIRTUAL, PingPong.class, "by=notify", "threads=virtual"),
            Variant.husk(HUSK, PingPong.class, "by=notify")),
        List.of(Bar.atMost("ns", HUSK, 1, PLATFORM), Bar.atMost("ns", HUSK, 0.25, VIRTUAL)));
  }

  private static Benchmark echo(String name, String title, String by) {
    List<Bar> bars =
        name.equals("echo")
            ? List.of(
                Bar.atMost("ns", HUSK, 1 / 40.0, VIRTUAL),
                Bar.atMost("ns", HUSK, 1 / 15.0, ONE_CORE),
                Bar.atMost("ns", HUSK, 1 / 60.0, APART))
            : List.of(Bar.atMost("ns", HUSK, 0.1, PLATFORM), Bar.atMost("ns", HUSK, 0.1, VIRTUAL));
    return new ProbeBenchmark(
        name,
        title,
        Stream.concat(NANOS.stream(), Stream.of(new Metric("bytes", "bytes allocated", 0)))
            .toList(),
        List.of(
            Variant.stock(PLATFORM, Echo.class, by),
            Variant.stock(ONE_CORE, Echo.class, by).startedBy("taskset", "-c", "0"),
            Variant.stock(APART, Echo.class, by, "place=apart"),
            Variant.stock(VIRTUAL, Echo.class, by, "threads=virtual"),
            Variant.husk(HUSK, Echo.class, by)),
        bars);
  }

  private static Benchmark echoToOther() {
    return new ProbeBenchmark(
        "echo-other",
        "64 bytes and back over Socket streams, to another process",
        NANOS,
        threeSides(Echo.class, "peer=other"),
        List.of(Bar.atMost("ns", HUSK, 1, VIRTUAL)));
  }

  private static Benchmark bulk() {
    return new ProbeBenchmark(
        "bulk",
        "1 GB in writes of 64 KB over Socket streams, in one JVM",
        List.of(new Metric("GB/s", "GB/s", 0), new Metric("copy", "arraycopy GB/s", 0)),
        threeSides(Bulk.class),
        List.of(Bar.atLeast("GB/s", HUSK, 4, PLATFORM), Bar.atLeast("GB/s", HUSK, 4, VIRTUAL)));
  }

  private static Benchmark connect() {
    return new ProbeBenchmark(
        "connect",
        "connect, 64 bytes and back, close, in one JVM",
        NANOS,
        threeSides(Connect.class),
        List.of(Bar.atMost("ns", HUSK, 0.1, PLATFORM), Bar.atMost("ns", HUSK, 0.1, VIRTUAL)));
  }

  private static Benchmark nettyEcho() {
    return new ProbeBenchmark(
        "netty-echo",
        "Netty clients and server in one JVM, 64 bytes and back, 16 connections",
        List.of(new Metric("requests/s", "requests/s", 0)),
        List.of(
            Variant.stock("netty nio", NettyEcho.class, "transport=nio").withJvmArgs(NETTY_ARGS),
            Variant.stock(NETTY_EPOLL, NettyEcho.class, "transport=epoll").withJvmArgs(NETTY_ARGS),
            Variant.husk(HUSK, NettyEcho.class, "transport=nio").withJvmArgs(NETTY_ARGS)),
        List.of(Bar.atLeast("requests/s", HUSK, 3, "netty nio")));
  }

  private static Benchmark spawn(String name, String title, int batch) {
    return new ProbeBenchmark(
        name,
        title,
        NANOS,
        threeSides(Spawn.class, "batch=" + batch),
        List.of(Bar.atMost("ns", HUSK, 1 / 80.0, PLATFORM), Bar.atMost("ns", HUSK, 1, VIRTUAL)));
  }

  private static Benchmark sleeper() {
    return new ProbeBenchmark(
        "sleeper",
        "how late a thread wakes that sleeps 1 ms in a loop beside 4 CPU hogs per core",
        MICROS,
        threeSides(Sleeper.class, "hogs=4"),
        List.of(Bar.atMost("p99", HUSK, 1, PLATFORM)));
  }

  private static Benchmark locks(int contenders, int held) {
    return new ProbeBenchmark(
        "locks-" + contenders + "-" + held,
        "synchronized, " + contenders + " threads, " + held + " ns held (mean: per section)",
        NANOS,
        threeSides(Locks.class, "contenders=" + contenders, "held=" + held),
        List.of(Bar.atMost("ns", HUSK, 1, PLATFORM), Bar.atMost("ns", HUSK, 1, VIRTUAL)));
  }

  private static Benchmark cpu(String work, String title) {
    return new ProbeBenchmark(
        "cpu-" + work,
        title,
        Stream.concat(NANOS.stream(), Stream.of(new Metric("cpu", "CPU ns", 0))).toList(),
        threeSides(Cpu.class, "work=" + work),
        List.of(
            Bar.atMost("ns", HUSK, 1.02, PLATFORM),
            Bar.atMost("cpu", HUSK, 1.02, PLATFORM),
            Bar.atMost("ns", HUSK, 1.02, VIRTUAL),
            Bar.atMost("cpu", HUSK, 1.02, VIRTUAL)));
  }

  private static String keepAlive(int connections) {
    return connections + (connections == 1 ? " keep-alive connection" : " keep-alive connections");
  }

  private static List<Variant> threeSides(Class<?> program, String... args) {
    String[] platform = append(args, "threads=platform");
    return List.of(
        Variant.stock(PLATFORM, program, platform),
        Variant.stock(VIRTUAL, program, append(args, "threads=virtual")),
        Variant.husk(HUSK, program, platform));
  }

  private static String[] append(String[] args, String last) {
    return Stream.concat(Stream.of(args), Stream.of(last)).toArray(String[]::new);
  }
}

package dev.husk.ab.measure;

import dev.husk.ab.Sample;
import dev.husk.ab.host.App;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Watches an app from its start to its end, and closer while a {@link Window} is open. Any thread
 * may call it.
 *
 * <p>Implementation notes. CPU time is the kernel's account by process, which keeps the time of
 * threads that have ended, in steps of 10 ms: measure over seconds. To look at every thread, or at
 * every mapping, costs time that the app might have had, and more for a variant with more threads
 * or memory: such a look is taken at most once a second, and takes at most one part in a hundred of
 * the time. Looks at a window's ends are taken in any case.
 */
public final class Sampler implements AutoCloseable {
  private static final long PERIOD_MILLIS = 250;
  private static final long DEAR_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int DEAR_SHARE = 100;
  private static final String ZGC = "The Z Garbage Collector";
  private static final double MEGABYTE_KILOBYTES = 1024;

  private final App app;
  private final List<Sample> samples = new ArrayList<>();
  private final List<Window> windows = new ArrayList<>();
  private final Switches switches = new Switches();
  private final CpuTime cpuTime = new CpuTime();
  private final Thread thread;
  private boolean seen;
  private double lastCpu;
  private long lastNanos;
  private long nextDear;
  private double rss = Double.NaN;
  private double heapResident = Double.NaN;
  private double offHeapResident = Double.NaN;
  private volatile boolean closed;

  private Sampler(App app) {
    this.app = app;
    this.lastNanos = app.startedNanos();
    this.thread = Thread.ofPlatform().daemon().name("sampler").unstarted(this::run);
  }

  /** Begins to watch an app, best right after its start. */
  public static Sampler start(App app) {
    Sampler sampler = new Sampler(app);
    sampler.thread.start();
    return sampler;
  }

  /** All samples by now, four a second; none where the app's processes can't be seen. */
  public synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** Begins to measure. */
  public synchronized Window open() {
    look(true);
    Window window = new Window();
    windows.add(window);
    window.sampled();
    return window;
  }

  /** Ends the watching; samples and windows stay as they are. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        synchronized (this) {
          look(false);
          windows.forEach(Window::sampled);
        }
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Takes a sample, with the dear parts where asked for or where it is time. */
  private void look(boolean dear) {
    List<Long> pids = app.pids();
    if (pids.isEmpty()) {
      cpuTime.look(pids);
      return;
    }
    long start = System.nanoTime();
    cpuTime.look(pids);
    double cpu = cpuTime.seconds();
    rss = residentMegabytes(pids);
    seen = true;
    double elapsed = (start - lastNanos) / 1e9;
    if (elapsed >= PERIOD_MILLIS / 2e3) { // Less is too coarse: it comes from an opened window.
      samples.add(
          new Sample(
              (start - app.startedNanos()) / 1e9, Math.max(0, cpu - lastCpu) / elapsed, rss));
      lastCpu = cpu;
      lastNanos = start;
    }
    if (dear || !windows.isEmpty() && start - nextDear >= 0) {
      long dearStart = System.nanoTime();
      switches.look(pids);
      lookAtMappings(pids);
      long took = System.nanoTime() - dearStart;
      nextDear = dearStart + Math.max(DEAR_PERIOD_NANOS, DEAR_SHARE * took);
    }
  }

  private static double residentMegabytes(List<Long> pids) {
    double sum = 0;
    for (long pid : pids) {
      try {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
          if (line.startsWith("VmRSS:")) {
            sum += kilobytes(line) / MEGABYTE_KILOBYTES;
          }
        }
      } catch (IOException e) {
        // It has ended since the list was made.
      }
    }
    return sum;
  }

  private static long kilobytes(String line) {
    return Long.parseLong(line.substring(line.indexOf(':') + 1, line.length() - 2).strip());
  }

  private void lookAtMappings(List<Long> pids) {
    List<String> head = GcLog.head(app.gcLog());
    GcLog.HeapRange heap = GcLog.heap(head);
    boolean known = heap != null || head.stream().anyMatch(line -> line.contains(ZGC));
    Smaps sum = new Smaps(0, 0);
    for (long pid : pids) {
      try {
        sum = sum.plus(Smaps.parse(Files.readAllLines(Path.of("/proc/" + pid + "/smaps")), heap));
      } catch (NoSuchFileException e) {
        // It has ended since the list was made.
      } catch (IOException e) {
        known = false; // Another user's process.
      }
    }
    heapResident = known ? sum.heapKilobytes() / MEGABYTE_KILOBYTES : Double.NaN;
    offHeapResident =
        known ? (sum.allKilobytes() - sum.heapKilobytes()) / MEGABYTE_KILOBYTES : Double.NaN;
  }

  /** A stretch of time to be measured. */
  public final class Window {
    private final double cpuBefore = cpuTime.seconds();
    private final Switches.Count switchesBefore = switches.total();
    private final Path gcLog = app.gcLog();
    private final long gcLogBefore = GcLog.length(gcLog);
    private final long loopbackBefore = app.loopbackBytes();
    private final MachineTime machineBefore = MachineTime.now();
    private double rssPeak = Double.NaN;
    private double heapPeak = Double.NaN;
    private double offHeapPeak = Double.NaN;

    private Window() {}

    private void sampled() {
      rssPeak = larger(rssPeak, rss);
      heapPeak = larger(heapPeak, heapResident);
      offHeapPeak = larger(offHeapPeak, offHeapResident);
    }

    /**
     * Ends it.
     *
     * @param driverCpuSeconds the CPU time of who loaded the app meanwhile, NaN when unknown
     */
    public WindowUsage close(double driverCpuSeconds) {
      synchronized (Sampler.this) {
        look(true);
        sampled();
        windows.remove(this);
        double cpu = seen ? cpuTime.seconds() - cpuBefore : Double.NaN;
        Switches.Count counted = switches.total().minus(switchesBefore);
        boolean logged = Files.exists(gcLog);
        List<Double> pauses = GcLog.pauses(GcLog.since(gcLog, gcLogBefore));
        long loopback = app.loopbackBytes();
        return new WindowUsage(
            cpu,
            seen ? counted.voluntary() : Double.NaN,
            seen ? counted.involuntary() : Double.NaN,
            rssPeak,
            heapPeak,
            offHeapPeak,
            logged ? pauses.stream().mapToDouble(Double::doubleValue).sum() : Double.NaN,
            logged ? pauses.stream().mapToDouble(Double::doubleValue).max().orElse(0) : Double.NaN,
            loopback < 0 || loopbackBefore < 0 ? Double.NaN : loopback - loopbackBefore,
            MachineTime.now().otherSince(machineBefore, cpu + driverCpuSeconds));
      }
    }

    private static double larger(double peak, double value) {
      return Double.isNaN(peak) || value > peak ? value : peak;
    }
  }
}

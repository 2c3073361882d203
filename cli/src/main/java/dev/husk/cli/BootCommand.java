package dev.husk.cli;

import dev.husk.ab.host.Programs;
import dev.husk.image.boot.BootWatch;
import dev.husk.image.boot.Bootable;
import dev.husk.image.boot.Chart;
import dev.husk.image.boot.DataDisk;
import dev.husk.image.boot.Forward;
import dev.husk.image.boot.Guest;
import dev.husk.image.boot.KernelLog;
import dev.husk.image.boot.Machine;
import dev.husk.image.boot.MachineDisk;
import dev.husk.image.boot.Processor;
import dev.husk.image.boot.Timeline;
import dev.husk.image.cache.Cache;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.init.HostPort;
import dev.husk.image.init.InitPlan;
import dev.husk.image.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code husk boot}. */
@Command(
    name = "boot",
    mixinStandardHelpOptions = true,
    description = {
      "Boots an image under QEMU on this terminal, and ends with the app's exit status.",
      ""
    },
    footer = {
      "",
      "The guest gets its address by DHCP from QEMU and reaches what this machine reaches. Its"
          + " ports are closed to the outside but for those given with -p, which are open to this"
          + " machine alone unless an address is given, too. An interrupt or a kill asks the app to"
          + " end.",
      "",
      "  husk boot app.img",
      "  husk boot app.img -p 18080:8080 -m 512M",
      "  husk boot app.img -p 0.0.0.0:80:8080 --cpus 2",
      "  husk boot app.img -p 18080:8080 --chart boot.svg",
      "  husk boot shop.img --data shop.data:4G",
      "",
      "Where KVM can't run guests the processor is emulated, some ten times slower."
    })
final class BootCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,7})([MG]?)");
  private static final int NO_STATUS = 125;

  /** As shells count signals. */
  private static final int SIGNALLED = 128;

  private static final int KILLED = SIGNALLED + 9;

  /** How long the chart may take when the guest has ended. */
  private static final Duration DRAWING_LIMIT = Duration.ofSeconds(5);

  private static final Duration CLEARING_LIMIT = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  /** Opened when nothing of the guest is left on the disk. */
  private final CountDownLatch cleared = new CountDownLatch(1);

  @Parameters(paramLabel = "IMAGE", description = "What 'husk pack' wrote.")
  private Path image;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "[ADDRESS:]HOST:GUEST",
      description = "A TCP port of this machine that leads to one of the guest. May be repeated.")
  private List<String> ports = new ArrayList<>();

  @Option(
      names = {"-m", "--memory"},
      paramLabel = "SIZE",
      defaultValue = "512M",
      description = "The guest's memory, such as 512M or 2G (default: 512M).")
  private String memory;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      defaultValue = "1",
      description = "The guest's processors (default: 1).")
  private int processors;

  @Option(
      names = "--append",
      paramLabel = "WORDS",
      description = {
        "More of the kernel's command line: husk.ip=… and the like, or variables for the app's"
            + " environment. May be repeated."
      })
  private List<String> append = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "FILE[:SIZE]",
      description = {
        "The disk of a directory that 'husk pack --data' named; of several, in their order. A file"
            + " that isn't there is made, with room for SIZE (default: 1G) that it takes when it is"
            + " used."
      })
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--no-data",
      description = "Keeps what belongs on such disks in memory: it is gone with the guest.")
  private boolean noData;

  @Option(names = "--no-network", description = "The guest gets no network device.")
  private boolean noNetwork;

  @Option(
      names = "--emulate",
      description = "Emulates the processor even where KVM could run the guest on the host's.")
  private boolean emulate;

  @Option(
      names = "--chart",
      paramLabel = "FILE.svg",
      description = {
        "Writes a picture of where the time of the boot went, and tells the same in lines. The boot"
            + " ends with the first reply of the first port given with -p, which is asked for / by"
            + " HTTP; without one, with the guest."
      })
  private @Nullable Path chart;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long begin = chart == null ? 0 : commandStart();
    if (chart != null) {
      checkChart(chart);
    }
    List<Forward> forwards = new ArrayList<>();
    for (String port : ports) {
      try {
        forwards.add(Forward.parse(port));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--port=" + e.getMessage());
      }
    }
    Path qemu = qemu();
    Path scratch = Files.createTempDirectory("husk-boot");
    try (Bootable bootable = Bootable.open(image)) {
      List<String> words = new ArrayList<>(List.of(bootable.commandLine()));
      words.addAll(append);
      List<MachineDisk> disks = dataDisks(bootable.data());
      if (noData) {
        words.add(InitPlan.DATA_IN_MEMORY);
      }
      Machine machine =
          new Machine(
              qemu,
              bootable.kernel(Kernels.defaultCache().resolve("unpacked")),
              bootable.initramfs(scratch),
              bootable.disk(),
              disks,
              String.join(" ", words),
              megabytes(memory),
              processors,
              forwards,
              !noNetwork,
              emulate ? Processor.emulated() : Processor.best(qemu));
      if (machine.megabytes() < machine.least()) {
        throw new CommandFailure(
            NO_STATUS,
            "%d MB are too little: the kernel and its initramfs alone take %d MB; --memory gives more"
                .formatted(machine.megabytes(), machine.least()));
      }
      return run(machine, begin);
    } finally {
      Cache.delete(scratch);
      cleared.countDown();
    }
  }

  /** The disks of these directories, made where they are missing. */
  private List<MachineDisk> dataDisks(List<DataDirectory> directories)
      throws IOException, InterruptedException {
    List<DataDisk> disks = new ArrayList<>();
    for (String text : data) {
      try {
        disks.add(DataDisk.parse(text));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--data=" + e.getMessage());
      }
    }
    String paths = String.join(" and ", directories.stream().map(DataDirectory::path).toList());
    if (noData ? !disks.isEmpty() : disks.size() != directories.size()) {
      throw new ParameterException(
          spec.commandLine(),
          directories.isEmpty()
              ? "--data: the image was packed without one"
              : "%s keeps data in %s: give %s, or --no-data to have it in memory"
                  .formatted(
                      image,
                      paths,
                      directories.size() == 1 ? "--data=FILE" : "a --data=FILE for each"));
    }
    List<MachineDisk> machineDisks = new ArrayList<>();
    for (int i = 0; i < disks.size(); i++) {
      DataDisk disk = disks.get(i);
      if (disk.make(directories.get(i))) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf("husk: made %s for %s%n", disk.file(), directories.get(i).path());
        err.flush();
      }
      machineDisks.add(disk.disk());
    }
    return machineDisks;
  }

  private static long commandStart() {
    long up = ManagementFactory.getRuntimeMXBean().getUptime();
    return System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(up);
  }

  private void checkChart(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || directory == null || !Files.isDirectory(directory)) {
      throw new ParameterException(
          spec.commandLine(), "--chart=" + file + ": give a file in a directory that is there");
    }
    if (noNetwork && !ports.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--chart: with --no-network no port of -p ever answers");
    }
  }

  private int run(Machine machine, long begin) throws IOException, InterruptedException {
    try (Guest guest = Guest.start(machine, true)) {
      Thread drawing = chart == null ? null : draw(guest, machine, begin, chart);
      Thread end = new Thread(() -> end(guest, drawing), "husk-boot-end");
      Runtime.getRuntime().addShutdownHook(end);
      guest.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      if (drawing != null) {
        drawing.join(DRAWING_LIMIT);
      }
      try {
        Runtime.getRuntime().removeShutdownHook(end);
      } catch (IllegalStateException e) {
        // It runs: this process is being ended.
        return NO_STATUS;
      }
      OptionalInt status = guest.status();
      if (status.isEmpty()) {
        throw new CommandFailure(NO_STATUS, why(guest, machine));
      }
      if (status.getAsInt() == KILLED && guest.kernelLog().outOfMemory().isPresent()) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("husk: the guest had no memory left for the app; " + more(machine));
        err.flush();
      }
      return status.getAsInt();
    }
  }

  /** Why a guest ended without the app's exit status. */
  private static String why(Guest guest, Machine machine) throws IOException {
    if (guest.stopped().isPresent()) {
      return "QEMU stopped the guest: %s%s"
          .formatted(
              guest.stopped().get(),
              machine.processor().accelerated() ? "; --emulate does without KVM" : "");
    }
    KernelLog kernel = guest.kernelLog();
    if (kernel.panic().isPresent()) {
      boolean killing = kernel.outOfMemory().isPresent() || guest.reported(HostPort.INIT).isEmpty();
      return "the guest's kernel panicked: %s%s"
          .formatted(kernel.panic().get(), killing ? "; " + more(machine) : "");
    }
    int status = guest.process().exitValue();
    if (status > SIGNALLED) {
      return "QEMU was killed by signal " + (status - SIGNALLED) + ", and the guest with it";
    }
    if (status != 0) {
      return "QEMU failed with status " + status + "; its lines above say why";
    }
    if (guest.reported(HostPort.INIT).isEmpty()) {
      return "the guest ended before its kernel had started init; " + more(machine);
    }
    return "the guest ended without the app's exit status; its last lines above say why";
  }

  private static String more(Machine machine) {
    return "it had %d MB, and --memory gives it more".formatted(machine.megabytes());
  }

  /** Draws the chart as soon as there is one. */
  private Thread draw(Guest guest, Machine machine, long begin, Path file) {
    Forward first = machine.forwards().isEmpty() ? null : machine.forwards().getFirst();
    BootWatch watch = new BootWatch(guest, first, begin);
    PrintWriter err = spec.commandLine().getErr();
    Path name = image.getFileName();
    String title =
        "Boot of %s, %d MB, %s"
            .formatted(name == null ? image : name, machine.megabytes(), machine.processor());
    return Thread.ofPlatform()
        .daemon()
        .name("husk-boot-chart")
        .start(
            () -> {
              try {
                Timeline timeline = watch.watch();
                err.print(Chart.text(timeline));
                err.flush();
                Files.writeString(file, Chart.svg(title, timeline));
              } catch (IOException e) {
                err.println("husk: no chart: " + e.getMessage());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Asks the app to end, as long as it is given; then there is no guest any more. */
  private void end(Guest guest, @Nullable Thread drawing) {
    try {
      guest.powerDown();
      guest.await(35, TimeUnit.SECONDS);
    } catch (IOException e) {
      System.err.println("husk: the guest can't be asked to end: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    guest.process().destroyForcibly();
    try {
      if (drawing != null) {
        drawing.join(DRAWING_LIMIT);
      }
      // When the last hook is through, this process is gone, whatever its other threads are at.
      if (!cleared.await(CLEARING_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("husk: files of the guest are left in " + tmp());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String tmp() {
    return System.getProperty("java.io.tmpdir");
  }

  private int megabytes(String size) {
    Matcher matcher = SIZE.matcher(size.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new ParameterException(
          spec.commandLine(), "--memory=" + size + ": give a size such as 512M or 2G");
    }
    int number = Integer.parseInt(matcher.group(1));
    return matcher.group(2).equals("G") ? number * 1024 : number;
  }

  /** The emulator, which has to be installed. */
  static Path qemu() {
    Path found = Programs.find("qemu-system-x86_64");
    if (found == null) {
      throw new CommandFailure(
          "there is no qemu-system-x86_64; install it (Debian: apt install qemu-system-x86)");
    }
    return found;
  }
}

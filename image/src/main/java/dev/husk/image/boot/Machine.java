package dev.husk.image.boot;

import dev.husk.image.init.HostPort;
import dev.husk.image.kernel.Vmlinux;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a guest gets: QEMU's microvm, which has no more than a guest of ours drives.
 *
 * <p>There the kernel knows the rate of its clock by the PIT alone. An emulated processor is too
 * uneven for that: about every second start hung. So it is told the rate, and where nobody knows it
 * the machine is a q35, which has other clocks.
 *
 * @param qemu the emulator, {@code qemu-system-x86_64}
 * @param kernel an ELF kernel with a PVH entry
 * @param initramfs what the kernel unpacks
 * @param disk its disk, or null where the initramfs has all
 * @param data disks that outlive it
 * @param commandLine of the kernel
 * @param megabytes of memory
 * @param processors how many
 * @param forwards ports of the host that lead into the guest
 * @param network whether there is a network device at all
 * @param processor what runs the guest's code
 */
public record Machine(
    Path qemu,
    Path kernel,
    Path initramfs,
    @Nullable MachineDisk disk,
    List<MachineDisk> data,
    String commandLine,
    int megabytes,
    int processors,
    List<Forward> forwards,
    boolean network,
    Processor processor) {
  /** A microvm has no PCI. The kernel would look for it and say that its absence is fatal. */
  private static final String NO_PCI = " initcall_blacklist=pci_arch_init pci=off";

  private static final int MEGABYTE = 1 << 20;

  /** Megabytes that the kernel and its initramfs take before anything runs. */
  public long least() throws IOException {
    long bytes = Vmlinux.end(Content.of(kernel)) + Files.size(initramfs);
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }

  /** The same with so much memory, and these forwards. */
  public Machine with(int newMegabytes, List<Forward> newForwards) {
    return new Machine(
        qemu,
        kernel,
        initramfs,
        disk,
        data,
        commandLine,
        newMegabytes,
        processors,
        newForwards,
        network,
        processor);
  }

  /**
   * QEMU's command.
   *
   * @param report where the guest's lines for the host go, see {@link HostPort}
   * @param kernelLog where its kernel's lines go, see {@link KernelLog}
   * @param control the socket of QEMU's machine protocol
   */
  List<String> command(Path report, Path kernelLog, Path control) {
    List<String> command = new ArrayList<>();
    command.add(qemu.toString());
    boolean micro = processor.accelerated() || processor.kilohertz().isPresent();
    String bus = micro ? "device" : "pci";
    add(command, "-machine", micro ? "microvm,x-option-roms=off,rtc=on" : "q35,smm=off,vmport=off");
    add(command, "-accel", processor.accelerated() ? "kvm" : "tcg");
    add(command, "-cpu", processor.accelerated() ? "host" : "max");
    add(command, "-m", megabytes + "M");
    add(command, "-smp", Integer.toString(processors));
    command.addAll(List.of("-nodefaults", "-no-user-config", "-no-reboot"));
    add(command, "-display", "none");
    add(command, "-serial", "stdio");
    add(command, "-kernel", kernel.toString());
    add(command, "-initrd", initramfs.toString());
    add(command, "-append", KernelLog.WORDS + " " + commandLine + (micro ? NO_PCI : "") + clock());
    add(command, "-chardev", "file,id=husk,path=" + escaped(report));
    add(
        command,
        "-device",
        "isa-debugcon,chardev=husk,iobase=0x" + Integer.toHexString(HostPort.PORT));
    add(command, "-chardev", "file,id=kernel,path=" + escaped(kernelLog));
    add(command, "-device", "isa-serial,chardev=kernel"); // The second: QEMU counts them.
    add(command, "-qmp", "unix:" + escaped(control) + ",server=on,wait=off");
    if (disk != null) {
      add(command, "-drive", disk.drive("root"));
      add(command, "-device", "virtio-blk-" + bus + ",drive=root");
    }
    for (int i = 0; i < data.size(); i++) {
      add(command, "-drive", data.get(i).drive("data" + i));
      add(command, "-device", "virtio-blk-" + bus + ",drive=data" + i);
    }
    add(command, "-device", "virtio-rng-" + bus);
    if (network) {
      StringBuilder user = new StringBuilder("user,id=net");
      for (Forward forward : forwards) {
        user.append(',').append(forward.rule());
      }
      add(command, "-netdev", user.toString());
      // Without its ROM, which would look for something to boot.
      add(command, "-device", "virtio-net-" + bus + ",netdev=net" + (micro ? "" : ",romfile="));
    }
    return command;
  }

  /** What the kernel is told of its clock, so that it neither measures nor doubts it. */
  private String clock() {
    return processor.kilohertz().isPresent()
        ? " tsc_early_khz=" + processor.kilohertz().getAsLong() + " tsc=reliable"
        : "";
  }

  private static void add(List<String> command, String option, String value) {
    command.add(option);
    command.add(value);
  }

  /** QEMU separates the parts of a value by commas; one that is meant is doubled. */
  static String escaped(Path path) {
    return path.toString().replace(",", ",,");
  }
}

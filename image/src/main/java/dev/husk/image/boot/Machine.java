package dev.husk.image.boot;

import dev.husk.image.init.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a guest gets: QEMU's microvm, which has no more than a guest of ours drives.
 * Where the processor is emulated it is a q35: on a microvm the kernel knows its clock's rate by
 * the PIT alone, and an emulated processor is too uneven for that; about every second start hung
 * there.
 *
 * @param qemu the emulator, {@code qemu-system-x86_64}
 * @param kernel an ELF kernel with a PVH entry
 * @param initramfs what the kernel unpacks
 * @param disk its disk, or null where the initramfs has all
 * @param commandLine of the kernel
 * @param megabytes of memory
 * @param processors how many
 * @param forwards ports of the host that lead into the guest
 * @param network whether there is a network device at all
 * @param accelerated whether the guest runs on the host's processors, see {@link Kvm}
 */
public record Machine(
    Path qemu,
    Path kernel,
    Path initramfs,
    @Nullable MachineDisk disk,
    String commandLine,
    int megabytes,
    int processors,
    List<Forward> forwards,
    boolean network,
    boolean accelerated) {

  /** The same with so much memory, and these forwards. */
  public Machine with(int newMegabytes, List<Forward> newForwards) {
    return new Machine(
        qemu,
        kernel,
        initramfs,
        disk,
        commandLine,
        newMegabytes,
        processors,
        newForwards,
        network,
        accelerated);
  }

  /**
   * QEMU's command.
   *
   * @param report where the guest's lines for the host go, see {@link HostPort}
   * @param control the socket of QEMU's machine protocol
   */
  List<String> command(Path report, Path control) {
    List<String> command = new ArrayList<>();
    command.add(qemu.toString());
    add(
        command,
        "-machine",
        accelerated ? "microvm,x-option-roms=off,rtc=on" : "q35,smm=off,vmport=off");
    add(command, "-accel", accelerated ? "kvm" : "tcg");
    add(command, "-cpu", accelerated ? "host" : "max");
    add(command, "-m", megabytes + "M");
    add(command, "-smp", Integer.toString(processors));
    command.addAll(List.of("-nodefaults", "-no-user-config", "-no-reboot"));
    add(command, "-display", "none");
    add(command, "-serial", "stdio");
    add(command, "-kernel", kernel.toString());
    add(command, "-initrd", initramfs.toString());
    add(command, "-append", commandLine);
    add(command, "-chardev", "file,id=husk,path=" + escaped(report));
    add(
        command,
        "-device",
        "isa-debugcon,chardev=husk,iobase=0x" + Integer.toHexString(HostPort.PORT));
    add(command, "-qmp", "unix:" + escaped(control) + ",server=on,wait=off");
    if (disk != null) {
      add(command, "-drive", disk.drive("root"));
      add(
          command,
          "-device",
          (accelerated ? "virtio-blk-device" : "virtio-blk-pci") + ",drive=root");
    }
    add(command, "-device", accelerated ? "virtio-rng-device" : "virtio-rng-pci");
    if (network) {
      StringBuilder user = new StringBuilder("user,id=net");
      for (Forward forward : forwards) {
        user.append(',').append(forward.rule());
      }
      add(command, "-netdev", user.toString());
      // Without its ROM, which would look for something to boot.
      add(
          command,
          "-device",
          accelerated ? "virtio-net-device,netdev=net" : "virtio-net-pci,netdev=net,romfile=");
    }
    return command;
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

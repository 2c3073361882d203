package dev.husk.image.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What runs a guest's code.
 *
 * @param accelerated whether the host's processors do, see {@link Kvm}; else it is emulated
 * @param kilohertz the rate of the time stamp counter that an emulated processor has, if it is
 *     known
 */
public record Processor(boolean accelerated, OptionalLong kilohertz) {

  /** KVM where it works, else the emulator. Takes some 100 ms. */
  public static Processor best(Path qemu) throws IOException, InterruptedException {
    return Kvm.works(qemu) ? new Processor(true, OptionalLong.empty()) : emulated();
  }

  /** The emulator. */
  public static Processor emulated() throws IOException, InterruptedException {
    return new Processor(false, TimeStampCounter.kilohertz());
  }

  /** For people: how a guest runs. */
  @Override
  public String toString() {
    return accelerated ? "on KVM" : "emulated";
  }
}

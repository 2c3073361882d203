package dev.husk.image.boot;

import static dev.husk.image.asm.Memory.byteAt;
import static dev.husk.image.asm.Memory.dwordAt;
import static dev.husk.image.asm.Register.EAX;
import static dev.husk.image.asm.Register.EDI;
import static dev.husk.image.asm.Register.EDX;
import static dev.husk.image.asm.Register.ESI;
import static dev.husk.image.asm.Register.RBX;
import static dev.husk.image.asm.Register.RDI;
import static dev.husk.image.asm.Register.RSI;

import dev.husk.image.asm.Assembler;
import dev.husk.image.asm.StaticElf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The rate of this machine's time stamp counter, which QEMU passes on to guests that it emulates. A
 * guest has to measure it against devices that an emulator can't keep even; so it is told.
 *
 * <p>Java code can't read the counter: a small program does, before and after it reads the clock,
 * and a while later again.
 */
final class TimeStampCounter {
  private static final String SAMPLES = "samples";
  private static final int SAMPLE_BYTES = 32;
  private static final int PAUSE_NANOS = 40_000_000;
  private static final int TRIES = 5;

  /** So many times longer than reading the clock takes is what lies between two readings. */
  private static final int PRECISION = 5000;

  private static final int SYS_WRITE = 1;
  private static final int SYS_NANOSLEEP = 35;
  private static final int SYS_CLOCK_GETTIME = 228;
  private static final int SYS_EXIT_GROUP = 231;
  private static final int CLOCK_MONOTONIC_RAW = 4;

  private TimeStampCounter() {}

  /** In thousands a second; empty on machines that have none, or where it can't be measured. */
  static OptionalLong kilohertz() throws IOException, InterruptedException {
    if (!System.getProperty("os.arch").equals("amd64")) {
      return OptionalLong.empty();
    }
    Path file =
        Files.createTempFile(
            "husk-counter",
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      Files.write(file, program());
      for (int i = 0; i < TRIES; i++) {
        OptionalLong rate = run(file);
        if (rate.isPresent()) {
          return rate;
        }
      }
      return OptionalLong.empty();
    } finally {
      Files.delete(file);
    }
  }

  private static OptionalLong run(Path file) throws InterruptedException {
    Process process;
    byte[] bytes;
    try {
      process = new ProcessBuilder(file.toString()).start();
      bytes = process.getInputStream().readAllBytes();
    } catch (IOException e) {
      return OptionalLong.empty(); // No programs run from there.
    }
    return process.waitFor() == 0 && bytes.length == 2 * SAMPLE_BYTES
        ? rate(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
        : OptionalLong.empty();
  }

  /** Empty if the program was interrupted while it read the clock. */
  static OptionalLong rate(ByteBuffer samples) {
    long[] counter = new long[2];
    long[] nanos = new long[2];
    long reading = 0;
    for (int i = 0; i < 2; i++) {
      long before = samples.getLong();
      nanos[i] = TimeUnit.SECONDS.toNanos(samples.getLong()) + samples.getLong();
      long after = samples.getLong();
      counter[i] = before + (after - before) / 2;
      reading += after - before;
    }
    long counts = counter[1] - counter[0];
    long time = nanos[1] - nanos[0];
    if (counts <= 0 || time <= 0 || reading < 0 || reading > counts / PRECISION) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.round(counts * 1e6 / time));
  }

  private static byte[] program() {
    Assembler asm = new Assembler();
    asm.label("start").lea(RBX, SAMPLES).call("sample");
    asm.mov(EAX, SYS_NANOSLEEP).lea(RDI, "pause").mov(ESI, 0).syscall();
    asm.add(RBX, SAMPLE_BYTES).call("sample");
    asm.mov(EAX, SYS_WRITE).mov(EDI, 1).note("standard output");
    asm.lea(RSI, SAMPLES).mov(EDX, 2 * SAMPLE_BYTES).syscall();
    asm.mov(EAX, SYS_EXIT_GROUP).mov(EDI, 0).syscall();

    asm.label("sample").rdtsc();
    asm.mov(dwordAt(RBX, 0), EAX).mov(dwordAt(RBX, 4), EDX);
    asm.mov(EAX, SYS_CLOCK_GETTIME).mov(EDI, CLOCK_MONOTONIC_RAW);
    asm.lea(RSI, byteAt(RBX, 8)).syscall();
    asm.rdtsc().mov(dwordAt(RBX, 24), EAX).mov(dwordAt(RBX, 28), EDX).ret();

    asm.align(Long.BYTES).label("pause").quad(0).note("seconds").quad(PAUSE_NANOS);
    asm.reserve(SAMPLES, 2 * SAMPLE_BYTES);
    return StaticElf.of(asm.assemble(StaticElf.ORIGIN), "start");
  }
}

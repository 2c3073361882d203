package dev.husk.image.init;

/**
 * What the guest tells the host apart from its console: lines through an I/O port, which QEMU hands
 * out by {@code -chardev file,id=husk,path=FILE -device isa-debugcon,iobase=0xe9,chardev=husk}.
 * Each is a prefix, a decimal number and a newline. Nothing that the app prints gets there.
 */
public final class HostPort {

  /** The I/O port. */
  public static final int PORT = 0xe9;

  /** Init has begun; nanoseconds since the kernel began to run (CLOCK_BOOTTIME). */
  public static final String INIT = "husk:init=";

  /** The JVM's program is about to be executed; the same clock. */
  public static final String EXEC = "husk:exec=";

  /** The JVM has ended: its exit status, or 128 and the number of the signal that killed it. */
  public static final String STATUS = "husk:status=";

  private HostPort() {}
}

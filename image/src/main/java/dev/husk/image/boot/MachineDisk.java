package dev.husk.image.boot;

import dev.husk.image.disk.DiskFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that a machine has as a disk.
 *
 * @param format what it is; QEMU must not guess
 * @param writable whether the machine can write to it
 */
public record MachineDisk(Path file, DiskFormat format, boolean writable) {
  private static final String QCOW2 = "QFI\u00fb";

  /** One of a file that is there, whose first bytes say what it is. */
  static MachineDisk of(Path file, boolean writable) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] magic = in.readNBytes(QCOW2.length());
      boolean qcow2 = new String(magic, StandardCharsets.ISO_8859_1).equals(QCOW2);
      return new MachineDisk(file, qcow2 ? DiskFormat.QCOW2 : DiskFormat.RAW, writable);
    }
  }

  /** As QEMU's {@code -drive} takes it. */
  String drive(String id) {
    return "if=none"
        + (writable ? "" : ",read-only=on")
        + ",id="
        + id
        + ",format="
        + format.name().toLowerCase(Locale.ROOT)
        + ",file="
        + Machine.escaped(file);
  }
}

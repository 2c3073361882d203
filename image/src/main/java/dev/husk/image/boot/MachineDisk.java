package dev.husk.image.boot;

import dev.husk.image.disk.DiskFormat;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that a machine has as its disk, and can't write to.
 *
 * @param format what it is; QEMU must not guess
 */
public record MachineDisk(Path file, DiskFormat format) {
  /** As QEMU's {@code -drive} takes it. */
  String drive(String id) {
    return "if=none,read-only=on,id="
        + id
        + ",format="
        + format.name().toLowerCase(Locale.ROOT)
        + ",file="
        + Machine.escaped(file);
  }
}

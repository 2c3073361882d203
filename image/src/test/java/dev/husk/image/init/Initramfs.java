package dev.husk.image.init;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A small initramfs, written with no more of the newc format than the kernel asks for
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
final class Initramfs {
  private static final int DIRECTORY = 0040755;
  private static final int EXECUTABLE = 0100755;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int inode = 1;

  Initramfs directory(String path) {
    entry(path, DIRECTORY, new byte[0]);
    return this;
  }

  Initramfs file(String path, byte[] bytes) {
    entry(path, EXECUTABLE, bytes);
    return this;
  }

  byte[] bytes() {
    entry("TRAILER!!!", 0, new byte[0]);
    return out.toByteArray();
  }

  private void entry(String path, int mode, byte[] bytes) {
    byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
    out.writeBytes("070701".getBytes(StandardCharsets.US_ASCII));
    int[] fields = {inode++, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length, 0};
    for (int field : fields) {
      out.writeBytes("%08x".formatted(field).getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes(name);
    align();
    out.writeBytes(bytes);
    align();
  }

  private void align() {
    out.writeBytes(new byte[Math.floorMod(-out.size(), 4)]);
  }
}

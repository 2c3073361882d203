package dev.husk.allocator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.husk.runtime.config.Options;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import jdk.internal.misc.Unsafe;

/** Shared memory in a process of its own, since a process has it from its beginning or not. */
final class SharedProgram {
  private static final Unsafe U = Unsafe.getUnsafe();

  private SharedProgram() {}

  public static void main(String[] args) throws Exception {
    HuskMemory.prepare(Options.parse("memory.shared", new Properties()), name -> null);
    check(Kernel.isShared(), "shared");
    for (int i = 0; i < 200; i++) {
      Allocator.allocate(100);
    }
    for (long bytes : new long[] {100, 5_000, 300_000, 40L << 20}) {
      otherMappingSees(bytes);
    }
    long outside = U.allocateMemory(100);
    check(SharedRegion.find(outside) == null, "not ours");
    smallBlocksGoBack();
    largeBlocksGoBack();
    System.out.println("ok");
  }

  private static void otherMappingSees(long bytes) throws Exception {
    long block = Allocator.allocate(bytes);
    SharedRegion region = SharedRegion.find(block);
    check(region != null && region == SharedRegion.find(block + bytes - 1), "region of " + bytes);
    check(region.address() <= block && block + bytes <= region.address() + region.bytes(), "room");
    Path path = Path.of("/proc/self/fd/" + region.fd());
    try (FileChannel file = FileChannel.open(path, READ, WRITE)) {
      check(file.size() >= region.offset() + region.bytes(), "size " + file.size());
      MappedByteBuffer other = file.map(MapMode.READ_WRITE, region.offsetOf(block), bytes);
      for (int at = 0; at < bytes; at += 97) {
        U.putByte(block + at, (byte) (at + bytes));
      }
      for (int at = 0; at < bytes; at += 97) {
        check(other.get(at) == (byte) (at + bytes), "byte " + at);
      }
      other.put(0, (byte) 77);
      check(U.getByte(block) == 77, "their byte");
    }
    Allocator.free(block);
  }

  private static void smallBlocksGoBack() throws Exception {
    long before = inFile();
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      long block = Allocator.allocate(8_000);
      U.setMemory(block, 8_000, (byte) 1);
      blocks.add(block);
    }
    long full = inFile();
    check(full - before >= 12_000 * 8_000L, "in the file: " + (full - before));
    blocks.forEach(Allocator::free);
    for (int i = 0; i < 200 && inFile() - before > 4 << 20; i++) {
      Thread.sleep(50);
    }
    check(inFile() - before <= 4 << 20, before + " to " + full + " to " + inFile());
    long zero = Allocator.allocateZero(8_000);
    for (int i = 0; i < 8_000; i++) {
      check(U.getByte(zero + i) == 0, "zero");
    }
    Allocator.free(zero);
  }

  private static void largeBlocksGoBack() throws Exception {
    long before = inFile();
    long block = Allocator.allocate(100 << 20);
    U.setMemory(block, 100 << 20, (byte) 1);
    check(inFile() - before >= 90 << 20, "in the file");
    Allocator.free(block);
    check(inFile() - before < 1 << 20, before + " to " + inFile());
    check(SharedRegion.find(block) == null, "gone");
  }

  /** Bytes of the file that take memory. */
  private static long inFile() throws Exception {
    long block = Allocator.allocate(100);
    int fd = SharedRegion.find(block).fd();
    Allocator.free(block);
    String file = "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd;
    Process stat = new ProcessBuilder("stat", "-L", "-c", "%b", file).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes(), US_ASCII).strip()) * 512;
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}

package dev.husk.image.elf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Real files with some bytes changed: each reads, or ends in an ElfException that names the file.
 */
final class ElfFuzzTest {
  private static final long[] ODD = {
    0, 1, -1, 0x7f, 0xff, 0xffff, 0x7fff_ffffL, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE, -16
  };

  @Test
  void onlyElfExceptionsComeOfBrokenFiles() throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : List.of("libnio.so", "libjimage.so", "libextnet.so", "jspawnhelper")) {
      seeds.add(Files.readAllBytes(Jdk.lib(name)));
    }
    seeds.add(Files.readAllBytes(Jdk.HOME.resolve("bin/java")));
    Path libm = Path.of("/lib/x86_64-linux-gnu/libm.so.6");
    if (Files.exists(libm)) {
      seeds.add(Files.readAllBytes(libm));
    }
    Fuzz.run(
        random -> {
          byte[] bytes = mutated(seeds.get(random.nextInt(seeds.size())), random);
          try {
            assertFalse(ElfFile.read("fuzzed", bytes).machine().platform().isEmpty());
          } catch (ElfException e) {
            assertTrue(e.getMessage().startsWith("fuzzed"), e::getMessage);
            throw e;
          }
        });
  }

  /** Most changes go where structure is: headers, the dynamic section, and its tables before it. */
  private static byte[] mutated(byte[] seed, Random random) {
    byte[] bytes =
        random.nextInt(10) == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length)) : seed.clone();
    if (bytes.length < 1024) {
      return bytes;
    }
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int dynamic = dynamicSection(data);
    for (int i = random.nextInt(6); i >= 0; i--) {
      int area =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(64 + 56 * 12);
            case 1, 2 -> dynamic + 8 * random.nextInt(80);
            default -> random.nextInt(Math.min(bytes.length, 0x8000));
          };
      int at = Math.max(0, Math.min(area, bytes.length - 8));
      long value = random.nextInt(3) == 0 ? random.nextLong() : ODD[random.nextInt(ODD.length)];
      switch (random.nextInt(4)) {
        case 0 -> data.put(at, (byte) value);
        case 1 -> data.putShort(at, (short) value);
        case 2 -> data.putInt(at, (int) value);
        default -> data.putLong(at, value);
      }
    }
    return bytes;
  }

  private static int dynamicSection(ByteBuffer data) {
    for (int at = 64; at < 64 + 56 * data.getShort(56) && at + 56 < data.limit(); at += 56) {
      if (data.getInt(at) == 2) {
        return (int) data.getLong(at + 8);
      }
    }
    return 0;
  }
}

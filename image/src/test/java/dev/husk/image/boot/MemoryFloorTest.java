package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search, without a guest, and what it asks. */
final class MemoryFloorTest {
  private final List<Integer> tried = new ArrayList<>();

  private OptionalInt floor(int needed) throws Exception {
    tried.clear();
    return MemoryFloor.search(
        megabytes -> {
          tried.add(megabytes);
          return megabytes >= needed;
        });
  }

  @Test
  void everyFloorIsFoundInFewTrials() throws Exception {
    for (int needed = 57; needed <= 512; needed++) {
      int multiple = (needed + 7) / 8 * 8;
      assertEquals(OptionalInt.of(multiple), floor(needed));
      assertTrue(tried.size() <= 7, tried::toString);
      assertEquals(tried.size(), tried.stream().distinct().count());
      assertTrue(tried.stream().allMatch(each -> each >= 64 && each <= 512), tried::toString);
    }
  }

  @Test
  void itEndsWhereTheMostIsTooLittle() throws Exception {
    assertEquals(OptionalInt.empty(), floor(513));
    assertEquals(List.of(512), tried);
  }

  @Test
  void belowTheLeastNothingIsTried() throws Exception {
    assertEquals(OptionalInt.of(64), floor(1));
    assertEquals(List.of(512, 280, 168, 112, 80, 64), tried);
  }

  @Test
  void theManifestNamesThePorts(@TempDir Path image) throws Exception {
    for (String part : new String[] {"vmlinux", "initramfs", "cmdline"}) {
      Files.createFile(image.resolve(part));
    }
    try (Bootable bootable = Bootable.open(image)) {
      assertEquals(List.of(), bootable.ports());
      Path manifest = image.resolve("manifest.json");
      Files.writeString(
          manifest, "{\"app\":\"a.jar\",\"more\":{\"ports\":[1]},\"command\":[\"ports\"]}");
      assertEquals(List.of(), bootable.ports());
      Files.writeString(manifest, "{\"ports\":[8080,9090],\"modules\":[]}");
      assertEquals(List.of(8080, 9090), bootable.ports());
      for (String wrong : new String[] {"{\"ports\":[\"a\"]}", "{\"ports\":[1", "[]", ""}) {
        Files.writeString(manifest, wrong);
        assertThrows(IOException.class, bootable::ports, wrong);
      }
    }
  }
}

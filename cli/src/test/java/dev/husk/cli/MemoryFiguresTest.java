package dev.husk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MemoryFiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1, 1 B",
    "1023, 1023 B",
    "1024, 1.00 KB",
    "1536, 1.50 KB",
    "10234, 9.99 KB",
    "10240, 10.0 KB",
    "102400, 100 KB",
    "1048063, 1023 KB",
    "1048064, 1.00 MB",
    "4096000, 3.91 MB",
    "5368709120, 5.00 GB",
    "1125899906842624, 1024 TB",
  })
  void sizesAreForPeople(long bytes, String text) {
    assertEquals(text, MemoryFigures.size(bytes));
  }

  @Test
  void blockSizesAreReadBack() {
    assertEquals(16, MemoryFigures.bytes("16 B"));
    assertEquals(1152, MemoryFigures.bytes("1152 B"));
    assertEquals(262_144, MemoryFigures.bytes("256 KB"));
  }

  @Test
  void textHasEachFigureAndSizesWithTheirBlocks() {
    Map<String, Long> sizes = new TreeMap<>();
    sizes.put("256 B", 25_600L);
    sizes.put("4 KB", 4_096_000L);
    String text =
        new MemoryFigures(
                5_170_176,
                1_101,
                6_291_456,
                1_048_576,
                0.2956,
                131_072,
                2_097_152,
                67_108_864,
                12_345,
                678,
                0,
                sizes)
            .toText();
    for (String line :
        new String[] {
          "  in use              4.93 MB  1,101 blocks",
          "  slabs               6.00 MB  where blocks of up to 256 KB lie",
          "  large blocks        1.00 MB",
          "  fragmentation        29.6 %  of slabs and large blocks isn't in use",
          "  returned            2.00 MB  to the kernel so far",
          "  mapped              64.0 MB  of address space",
          "  remote frees         12,345  so far, by another thread",
          "         256 B      25.0 KB          100",
          "          4 KB      3.91 MB        1,000  ################",
          "         large      1.00 MB            1  ####",
        }) {
      assertTrue(text.contains(line + "\n"), () -> line + "\n in \n" + text);
    }
    assertTrue(!text.contains("mistakes"), text);
  }

  @Test
  void nothingThereHasNoTableOfSizes() {
    String text = new MemoryFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, Map.of()).toText();
    assertTrue(text.contains("fragmentation         0.0 %"), text);
    assertTrue(text.contains("  mistakes                  2  so far"), text);
    assertTrue(!text.contains("block size"), text);
  }

  @Test
  void aBeanOfAnotherVersionIsTold() {
    CommandFailure failure =
        assertThrows(CommandFailure.class, () -> MemoryFigures.of(Map.of("Used", 1L)));
    assertTrue(failure.getMessage().contains("no attribute Blocks"), failure.getMessage());
  }
}

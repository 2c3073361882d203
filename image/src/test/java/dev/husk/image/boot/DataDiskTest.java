package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.init.DataDirectory;
import dev.husk.image.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DataDiskTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "shop.data, shop.data, 1024",
    "shop.data:8M, shop.data, 8",
    "a:b:3G, a:b, 3072",
    "shop.data:2T, shop.data, 2097152",
    "shop.data:9, shop.data:9, 1024"
  })
  void hasAFileAndASize(String text, Path file, long megabytes) {
    assertEquals(new DataDisk(file, megabytes << 20), DataDisk.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:0M", "a:7M", "a:17T", "a:9999999T"})
  void isNoneOtherwise(String text) {
    assertThrows(IllegalArgumentException.class, () -> DataDisk.parse(text));
  }

  @Test
  void isMadeOnceWithAFileSystemOfTheLabel() throws Exception {
    Tool check = Tool.named("e2fsck", "e2fsprogs");
    DataDisk disk = new DataDisk(folder.resolve("a,b.data"), 64 << 20);
    DataDirectory directory = DataDirectory.parse("label-of-16-byte:/app/data");
    assertTrue(disk.make(directory));
    check.run(folder, "-f", "-n", disk.file().toString());
    Tool label = Tool.named("e2label", "e2fsprogs");
    assertEquals("label-of-16-byte\n", label.run(folder, disk.file().toString()));
    long made = Files.getLastModifiedTime(disk.file()).toMillis();
    assertFalse(disk.make(directory));
    assertEquals(made, Files.getLastModifiedTime(disk.file()).toMillis());
    assertEquals(List.of("a,b.data"), names());
    assertEquals(
        "if=none,id=data0,format=raw,file=" + folder + "/a,,b.data", disk.disk().drive("data0"));
  }

  @Test
  void nothingIsLeftWhereItCantBeMade() throws Exception {
    Files.createDirectory(folder.resolve("folder"));
    DataDisk directory = new DataDisk(folder.resolve("folder"), 64 << 20);
    assertTrue(
        assertThrows(IOException.class, () -> directory.make(DataDirectory.parse("/app/data")))
            .getMessage()
            .endsWith("folder is no file that can be written to"));
    DataDisk nowhere = new DataDisk(folder.resolve("no/disk"), 64 << 20);
    assertThrows(IOException.class, () -> nowhere.make(DataDirectory.parse("/app/data")));
    assertEquals(List.of("folder"), names());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }
}

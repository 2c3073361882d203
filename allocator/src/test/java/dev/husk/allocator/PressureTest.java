package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PressureTest {
  @TempDir Path directory;

  @Test
  void whatIsNoPressureFileStaysAsItIs() throws Exception {
    assertNull(Pressure.open(directory.resolve("none").toString()));
    assertTrue(Files.notExists(directory.resolve("none")));
    Path other = directory.resolve("other");
    Files.writeString(other, "text");
    assertNull(Pressure.open(other.toString()));
    assertTrue(Files.readString(other).equals("text"));
  }
}

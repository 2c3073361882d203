package dev.husk.image.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries of the JDK without the names of what they don't export, as binutils sees them. */
final class StaticSymbolsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"server/libjvm.so", "libnet.so"})
  void nothingElseChanges(String name) throws Exception {
    Tool readelf = Tool.named("readelf", "binutils");
    Path file = Jdk.lib(name);
    byte[] bytes = Files.readAllBytes(file);
    String sections = readelf.run(directory, "-SW", file.toString());
    byte[] removed = StaticSymbols.removed(bytes);
    if (!sections.contains(".symtab")) { // This JDK's makers have done the same.
      assertSame(bytes, removed);
      return;
    }
    assertTrue(removed.length < bytes.length);
    Path result = Files.write(directory.resolve("result.so"), removed);
    String left = readelf.run(directory, "-SW", result.toString());
    assertFalse(left.contains(".symtab") || left.contains(" .strtab"), left);
    assertTrue(left.contains(".shstrtab"), left);
    for (String view : new String[] {"-lW", "-dW", "-nW", "-rW", "--dyn-syms", "-VW"}) {
      String before = readelf.run(directory, view, file.toString());
      String after = readelf.run(directory, view, result.toString());
      // Sections are what segments are made of; one that isn't loaded has no place there.
      assertEquals(before, after.replace("result.so", name), view);
    }
    assertEquals(ElfFile.read(file), ElfFile.read(result));
    assertSame(removed, StaticSymbols.removed(removed));
  }

  @Test
  void whatIsNoSuchFileStays() throws IOException {
    byte[] text = "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII);
    assertSame(text, StaticSymbols.removed(text));
    byte[] cut = Arrays.copyOf(Files.readAllBytes(Jdk.lib("libnet.so")), 20_000);
    assertArrayEquals(cut.clone(), StaticSymbols.removed(cut));
  }

  @Test
  void damagedFilesStayOrGetShorter() throws Exception {
    Fuzz.run(
        Files.readAllBytes(Jdk.lib("libnet.so")),
        bytes -> {
          byte[] removed = StaticSymbols.removed(bytes);
          assertTrue(removed.length <= bytes.length);
          if (removed == bytes) {
            throw new IOException("it stays");
          }
        });
  }
}

package dev.husk.image.pe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.elf.Machine;
import dev.husk.image.testing.Fuzz;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PeFileTest {
  private static final int PE = 64;
  private static final int SECTIONS = PE + 24 + 240;

  private static PeSection section(String name, long address, long size, int inFile) {
    byte[] bytes = new byte[inFile];
    Arrays.fill(bytes, (byte) name.charAt(1));
    return new PeSection(name, address, size, PeSection.DATA, Content.of(bytes));
  }

  private static PeFile file(PeSection... sections) {
    return new PeFile(
        Machine.AARCH64, PeFile.EFI_APPLICATION, 0x100, 0x4000_0000L, 0x1010, List.of(sections));
  }

  private static PeFile good() {
    return file(
        section(".text", 0x1000, 5000, 5000),
        section(".bss", 0x3000, 0x4000, 0),
        section(".longest", 0x7000, 10, 7));
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    PeFile written = good();
    PeFile read = PeFile.read(written.write());
    assertEquals(written.machine(), read.machine());
    assertEquals(written.subsystem(), read.subsystem());
    assertEquals(written.dllCharacteristics(), read.dllCharacteristics());
    assertEquals(written.imageBase(), read.imageBase());
    assertEquals(written.entry(), read.entry());
    assertEquals(written.sections().size(), read.sections().size());
    for (int i = 0; i < written.sections().size(); i++) {
      PeSection expected = written.sections().get(i);
      PeSection actual = read.sections().get(i);
      assertEquals(expected.name(), actual.name());
      assertEquals(expected.address(), actual.address());
      assertEquals(expected.size(), actual.size());
      assertEquals(expected.characteristics(), actual.characteristics());
      byte[] bytes = actual.content().bytes();
      byte[] wanted = expected.content().bytes();
      // The file holds zeros up to its next page, as far as the section goes in memory.
      assertArrayEquals(Arrays.copyOf(wanted, bytes.length), bytes);
      assertTrue(bytes.length >= wanted.length);
    }
  }

  @Test
  void whatIsWrittenIsTheSameEachTime() throws IOException {
    assertArrayEquals(good().write().bytes(), good().write().bytes());
  }

  @Test
  void theFileIsAsLongAsItSays() throws IOException {
    Content file = good().write();
    assertEquals(file.size(), file.bytes().length);
  }

  @Test
  void sectionsMustAscend() {
    assertSays(".b at 0x1000", file(section(".a", 0x1000, 5000, 0), section(".b", 0x1000, 1, 1)));
    assertSays(".b at 0x2000", file(section(".a", 0x1000, 5000, 0), section(".b", 0x2000, 1, 1)));
    // The headers lie there.
    assertSays(".a at 0x0", file(section(".a", 0, 50, 0)));
  }

  @Test
  void whatCantBeWrittenIsRefused() {
    assertSays("larger in the file", file(section(".a", 0x1000, 5, 6)));
    assertSays("at most 8", file(section(".too-long", 0x1000, 5, 5)));
    assertSays("at most 4 GB", file(section(".a", 0x1000, 0xffff_f000L, 5)));
    assertSays("0 sections", file());
  }

  private static void assertSays(String part, PeFile file) {
    IOException e = assertThrows(IOException.class, file::write);
    assertTrue(e.getMessage().contains(part), e::getMessage);
  }

  @Test
  void whatCantBeReadIsRefused() throws IOException {
    assertUnreadable("doesn't begin with MZ", 0, 0);
    assertUnreadable("no PE header at 0xfffffff0", 0x3c, -16);
    assertUnreadable("no PE header at 0x40", PE, 1);
    assertUnreadable("for the machine 0x14c", PE + 4, 0x0003_014c);
    assertUnreadable("65535 section headers are cut off", PE + 4, 0xffff_aa64);
    assertUnreadable("PE32+", PE + 24, 0x10b);
    assertUnreadable("PE32+", PE + 20, 0x22_0010);
    assertUnreadable(".text, 8192 bytes at 4294963200", SECTIONS + 20, 0xffff_f000);
    assertUnreadable(".text, 2147483647 bytes", SECTIONS + 16, 0x7fff_ffff);
  }

  private static void assertUnreadable(String part, int at, int value) throws IOException {
    byte[] bytes = good().write().bytes();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    IOException e = assertThrows(IOException.class, () -> PeFile.read(Content.of(bytes)));
    assertTrue(e.getMessage().contains(part), e::getMessage);
  }

  @Test
  void brokenFilesAreRefused() throws Exception {
    List<byte[]> seeds =
        List.of(
            good().write().bytes(),
            Uki.stub(Machine.X86_64, new byte[] {1, 2, 3}, 0).write().bytes());
    Fuzz.run(
        seeds,
        SECTIONS + 200,
        bytes -> {
          for (PeSection section : PeFile.read(Content.of(bytes)).sections()) {
            assertEquals(section.content().size(), section.content().bytes().length);
          }
        });
  }
}

package dev.husk.image.pe;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.elf.Machine;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class UkiTest {
  // Prints the section .cmdline and switches the machine off (UEFI 2.10, 4.3, 12.4.3, 8.5.1).
  private static final byte[] STUB =
      HexFormat.of()
          .parseHex(
              "4883ec28" // sub rsp, 0x28: room for the callee, aligned to 16
                  + "4889d3" // mov rbx, rdx: the system table
                  + "488b4b40" // mov rcx, [rbx+0x40]: ConOut
                  + "488d1500000000" // lea rdx, [rip+...]: the text
                  + "ff5108" // call [rcx+8]: OutputString
                  + "488b4358" // mov rax, [rbx+0x58]: the runtime services
                  + "b902000000" // mov ecx, 2: EfiResetShutdown
                  + "31d24531c04531c9" // xor edx, edx; xor r8d, r8d; xor r9d, r9d
                  + "ff5068"); // call [rax+0x68]: ResetSystem
  private static final int DISPLACEMENT = 14;
  private static final String TEXT = "husk: loaded from .cmdline\r\n";

  private static Map<UkiSection, Content> sections() {
    Map<UkiSection, Content> sections = new EnumMap<>(UkiSection.class);
    for (UkiSection section : UkiSection.values()) {
      sections.put(section, Content.of(section.section().repeat(1000).getBytes(UTF_8)));
    }
    sections.put(UkiSection.CMDLINE, Content.of((TEXT + '\0').getBytes(UTF_16LE)));
    return sections;
  }

  private static PeFile stub() {
    return Uki.stub(Machine.X86_64, STUB, 0);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Map<UkiSection, Content> sections = sections();
    sections.put(UkiSection.INITRD, Content.of(new byte[0]));
    Uki uki = Uki.read(Uki.write(stub(), sections));
    assertEquals(Machine.X86_64, uki.file().machine());
    for (Map.Entry<UkiSection, Content> entry : sections.entrySet()) {
      assertArrayEquals(
          entry.getValue().bytes(), uki.section(entry.getKey()).orElseThrow().bytes());
    }
    assertEquals(
        List.of(".text", ".reloc", ".osrel", ".uname", ".cmdline", ".husk", ".linux", ".initrd"),
        uki.file().sections().stream().map(PeSection::name).toList());
  }

  @Test
  void whatIsntThereIsLeftOut() throws IOException {
    Content kernel = Content.of(new byte[] {1});
    Uki uki = Uki.read(Uki.write(stub(), Map.of(UkiSection.LINUX, kernel)));
    assertTrue(uki.section(UkiSection.INITRD).isEmpty());
  }

  @Test
  void aStubMayBeAFile() throws IOException {
    PeFile stub = PeFile.read(stub().write());
    assertArrayEquals(Uki.write(stub(), sections()).bytes(), Uki.write(stub, sections()).bytes());
  }

  @Test
  void aStubThatIsNoneIsRefused() throws IOException {
    PeFile whole = PeFile.read(Uki.write(stub(), sections()));
    assertSays("has a section .osrel", () -> Uki.write(whole, sections()));
    PeFile driver = new PeFile(Machine.X86_64, 11, 0, 0, 0x1000, stub().sections());
    assertSays("its subsystem is 11", () -> Uki.write(driver, sections()));
    assertSays("no EFI application with a section .linux", () -> Uki.read(stub().write()));
    assertThrows(IllegalArgumentException.class, () -> Uki.stub(Machine.X86_64, STUB, STUB.length));
  }

  private static void assertSays(String part, Executable action) {
    IOException e = assertThrows(IOException.class, action);
    assertTrue(e.getMessage().contains(part), e::getMessage);
  }

  @Test
  void objdumpSeesWhatWasWritten(@TempDir Path folder) throws Exception {
    Path efi = folder.resolve("husk.efi");
    write(Uki.write(stub(), sections()), efi);
    List<String> lines = new ArrayList<>();
    for (PeSection section : PeFile.read(Content.of(efi)).sections()) {
      lines.add("%s %x %x".formatted(section.name(), section.size(), section.address()));
    }
    assertEquals(lines, objdumpSections(efi));

    String header = Tool.run("binutils", "objdump", "-p", efi.toString());
    assertTrue(header.contains("pei-x86-64"), header);
    assertTrue(
        Pattern.compile("Subsystem\\s+0000000a\\s+\\(EFI application\\)").matcher(header).find(),
        header);
    assertTrue(Pattern.compile("SectionAlignment\\s+00001000").matcher(header).find(), header);
    assertTrue(Pattern.compile("FileAlignment\\s+00001000").matcher(header).find(), header);
    assertFalse(header.contains("relocations stripped"), header);
    assertTrue(header.contains("Base Relocations"), header);
  }

  private static List<String> objdumpSections(Path file) throws Exception {
    List<String> lines = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("(?m)^ *[0-9]+ (\\S+) +0*([0-9a-f]+) +0*([0-9a-f]+) ")
            .matcher(Tool.run("binutils", "objdump", "-h", file.toString()));
    while (matcher.find()) {
      lines.add(matcher.group(1) + " " + matcher.group(2) + " " + matcher.group(3));
    }
    return lines;
  }

  @Test
  void checksumIsThatOfBinutils(@TempDir Path folder) throws Exception {
    Path ours = folder.resolve("ours.efi");
    Path theirs = folder.resolve("theirs.efi");
    write(Uki.write(stub(), sections()), ours);
    Tool.run("binutils", "objcopy", ours.toString(), theirs.toString());
    for (Path file : List.of(theirs, ours)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int at = bytes.getInt(0x3c) + 24 + 64;
      int said = bytes.getInt(at);
      bytes.putInt(at, 0);
      int sum = 0;
      while (bytes.remaining() >= 2) {
        sum += bytes.getShort() & 0xffff;
        sum = (sum & 0xffff) + (sum >> 16);
      }
      assertEquals(sum + bytes.capacity(), said, file::toString);
      assertTrue(said != 0);
    }
  }

  @Test
  void firmwareLoadsIt(@TempDir Path folder) throws Exception {
    long address =
        Uki.read(Uki.write(stub(), sections())).file().sections().stream()
            .filter(section -> section.name().equals(".cmdline"))
            .findFirst()
            .orElseThrow()
            .address();
    byte[] code = STUB.clone();
    ByteBuffer.wrap(code)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(DISPLACEMENT, (int) (address - PeFile.ALIGNMENT - DISPLACEMENT - 4));
    Path efi = folder.resolve("husk.efi");
    write(Uki.write(Uki.stub(Machine.X86_64, code, 0), sections()), efi);
    String console = Ovmf.boot(efi);
    assertTrue(console.contains(TEXT.strip()), console);
  }

  private static void write(Content content, Path file) throws IOException {
    try (InputStream in = content.open()) {
      Files.copy(in, file);
    }
  }
}

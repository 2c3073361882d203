package dev.husk.image.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ElfFileTest {
  @TempDir Path scratch;

  /**
   * All of the JDK, what of the system is there, and libraries for other systems from a jar that
   * the build knows. readelf reads section headers, we don't.
   */
  private List<Path> real() throws IOException {
    List<Path> files = new ArrayList<>(Jdk.files());
    for (String name :
        List.of(
            "/lib/x86_64-linux-gnu/libc.so.6",
            "/lib/x86_64-linux-gnu/libstdc++.so.6",
            "/lib/aarch64-linux-gnu/libc.so.6",
            "/lib64/ld-linux-x86-64.so.2",
            "/bin/ls",
            "/bin/bash",
            "/usr/bin/readelf")) {
      if (Files.exists(Path.of(name))) {
        files.add(Path.of(name));
      }
    }
    Path snappy =
        Path.of(
            System.getProperty("user.home"),
            ".m2/repository/org/xerial/snappy/snappy-java/1.1.10.8/snappy-java-1.1.10.8.jar");
    if (Files.exists(snappy)) {
      try (ZipFile jar = new ZipFile(snappy.toFile())) {
        for (String system : List.of("aarch64", "android-aarch64", "x86_64", "x86_64-musl")) {
          ZipEntry entry =
              jar.getEntry("org/xerial/snappy/native/Linux/" + system + "/libsnappyjava.so");
          Path file = scratch.resolve("snappy-" + system + ".so");
          Files.write(file, jar.getInputStream(entry).readAllBytes());
          files.add(file);
        }
      }
    }
    return files;
  }

  private static List<String> matches(Path file, String pattern, String... command)
      throws IOException {
    Pattern compiled = Pattern.compile(pattern);
    return Tool.run(file, command)
        .map(compiled::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  @Test
  void dynamicSectionIsAsReadelfHasIt() throws IOException {
    for (Path file : real()) {
      ElfFile elf = ElfFile.read(file);
      String name = file.toString();
      assertEquals(matches(file, "\\(NEEDED\\).*\\[(.*)]", "readelf", "-dW"), elf.needed(), name);
      assertEquals(
          matches(file, "\\(SONAME\\).*\\[(.*)]", "readelf", "-dW"),
          Stream.ofNullable(elf.soname()).toList(),
          name);
      assertEquals(
          matches(file, "\\(RPATH\\).*\\[(.*)]", "readelf", "-dW"), joined(elf.rpath()), name);
      assertEquals(
          matches(file, "\\(RUNPATH\\).*\\[(.*)]", "readelf", "-dW"), joined(elf.runpath()), name);
      assertEquals(
          matches(file, "interpreter: (.*)]", "readelf", "-lW"),
          Stream.ofNullable(elf.interpreter()).toList(),
          name);
      assertEquals(
          matches(file, "Build ID: (.*)", "readelf", "-nW"),
          Stream.ofNullable(elf.buildId()).toList(),
          name);
    }
  }

  private static List<String> joined(List<String> path) {
    return path.isEmpty() ? List.of() : List.of(String.join(":", path));
  }

  @Test
  void symbolsAreAsReadelfHasThem() throws IOException {
    for (Path file : real()) {
      List<String> expected =
          Tool.run(file, "readelf", "-W", "--dyn-syms")
              .map(line -> line.strip().split("\\s+"))
              .filter(words -> words[0].matches("\\d+:") && !words[0].equals("0:"))
              .map(
                  words ->
                      (words[6].equals("UND") ? "needs " : "has ")
                          + words[4]
                          + " "
                          // readelf gives the symbols of sections their names.
                          + (words.length > 7 && !words[3].equals("SECTION") ? words[7] : ""))
              .toList();
      assertEquals(
          expected,
          ElfFile.read(file).symbols().stream()
              .map(
                  symbol ->
                      (symbol.defined() ? "has " : "needs ")
                          + symbol.binding()
                          + " "
                          // readelf leaves the version out where a symbol is there to name it.
                          + (symbol.name().equals(symbol.version()) ? symbol.name() : symbol))
              .toList(),
          file.toString());
      assertFalse(expected.isEmpty(), file.toString());
    }
  }

  @Test
  void versionsAreAsReadelfHasThem() throws IOException {
    Pattern library = Pattern.compile("Version: \\d+  File: (\\S+)  Cnt");
    Pattern need = Pattern.compile("Name: (\\S+)  Flags: (.+)  Version:");
    Pattern definition =
        Pattern.compile("Rev: \\d+  Flags: (.+)  Index: \\d+  Cnt: \\d+  Name: (\\S+)");
    for (Path file : real()) {
      List<VersionNeed> needs = new ArrayList<>();
      List<String> definitions = new ArrayList<>();
      String from = "";
      for (String line : Tool.run(file, "readelf", "-VW").toList()) {
        Matcher inLibrary = library.matcher(line);
        Matcher inNeed = need.matcher(line);
        Matcher inDefinition = definition.matcher(line);
        if (inLibrary.find()) {
          from = inLibrary.group(1);
        } else if (inDefinition.find()) {
          if (!inDefinition.group(1).contains("BASE")) {
            definitions.add(inDefinition.group(2));
          }
        } else if (inNeed.find()) {
          needs.add(new VersionNeed(from, inNeed.group(1), inNeed.group(2).contains("WEAK")));
        }
      }
      ElfFile elf = ElfFile.read(file);
      assertEquals(needs, elf.versionNeeds(), file.toString());
      assertEquals(definitions, elf.versions(), file.toString());
    }
  }

  @Test
  void sectionHeadersDoNotMatter() throws IOException {
    byte[] bytes = Files.readAllBytes(Jdk.lib("libnio.so"));
    ElfFile whole = ElfFile.read("x", bytes);
    Arrays.fill(bytes, 40, 48, (byte) 0);
    Arrays.fill(bytes, 58, 64, (byte) 0);
    assertEquals(whole, ElfFile.read("x", bytes));
  }

  @Test
  void saysWhatAFileIsThatItCannotUse() throws IOException {
    byte[] bytes = Files.readAllBytes(Jdk.lib("libnio.so"));
    assertMessage("x is not an ELF file", "not an ELF file".getBytes(StandardCharsets.UTF_8));
    assertMessage("x is not an ELF file");
    assertMessage("x ends inside its ELF header", Arrays.copyOf(bytes, 10));
    assertMessage("32-bit ARM code, but images are made for", with(with(bytes, 4, 1), 18, 40));
    assertMessage("64-bit big-endian S/390 code", with(with(with(bytes, 5, 2), 18, 0), 19, 22));
    assertMessage("64-bit RISC-V code", with(bytes, 18, 243));
    assertMessage("FreeBSD's 64-bit x86-64 code", with(with(bytes, 7, 9), 18, 62));
    assertMessage("an object file that isn't linked yet", with(bytes, 16, 1));
    assertMessage("a core dump", with(bytes, 16, 4));
    assertMessage("lie outside of its 1000 bytes", Arrays.copyOf(bytes, 1000));
    assertEquals(
        Optional.of(Machine.AARCH64), ElfIdentity.of("x", with(bytes, 18, 183)).supported());
    assertEquals(Machine.AARCH64, ElfFile.read("x", with(bytes, 18, 183)).machine());
    // What GNU's linker writes where a file has symbols that are unique in a process.
    assertEquals(
        Optional.of(Machine.AARCH64),
        ElfIdentity.of("x", with(with(bytes, 7, 3), 18, 183)).supported());
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static void assertMessage(String message, byte... bytes) {
    ElfException e = assertThrows(ElfException.class, () -> ElfFile.read("x", bytes));
    assertTrue(e.getMessage().contains(message), e::getMessage);
    assertTrue(e.getMessage().startsWith("x"), e::getMessage);
  }

  @Test
  void whatIsLinkedStaticallyNeedsNothing() throws IOException {
    // An ELF header and no program headers.
    byte[] bytes = Arrays.copyOf(Files.readAllBytes(Jdk.lib("libnio.so")), 64);
    bytes[16] = 2;
    Arrays.fill(bytes, 32, 40, (byte) 0);
    Arrays.fill(bytes, 56, 58, (byte) 0);
    ElfFile elf = ElfFile.read("x", bytes);
    assertEquals(List.of(), elf.needed());
    assertEquals(List.of(), elf.symbols());
    assertNull(elf.interpreter());
  }
}

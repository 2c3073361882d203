package dev.husk.image.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a program's bytes with the disassembler of binutils, and compares with its source. */
public final class Objdump {
  private static final Pattern ROW =
      Pattern.compile("^ *([0-9a-f]+):\\t((?:[0-9a-f]{2} )+) *\\t(.*)$", Pattern.MULTILINE);
  private static final Pattern RELATIVE =
      Pattern.compile("\\[rip[+-]0x[0-9a-f]+](.*?) +# (0x[0-9a-f]+).*$");
  private static final Pattern NAME = Pattern.compile("([a-z_][a-z_0-9]*)(?:\\+0x([0-9a-f]+))?");

  private Objdump() {}

  /** Asserts that each instruction is what its line of the source says. */
  public static void assertAgrees(Program program, Path scratch)
      throws IOException, InterruptedException {
    List<Line> instructions = program.lines().stream().filter(line -> !line.data()).toList();
    assertEquals(
        instructions,
        program.lines().subList(0, instructions.size()),
        "data stands between instructions");
    byte[] bytes = program.bytes();
    List<String> source = instructions.stream().map(line -> row(program, bytes, line)).toList();
    Line last = instructions.getLast();
    assertIterableEquals(source, disassembled(program, last.offset() + last.length(), scratch));
  }

  private static List<String> disassembled(Program program, int length, Path scratch)
      throws IOException, InterruptedException {
    Path file = Files.write(scratch.resolve("program.bin"), program.bytes());
    String output =
        Tools.run(
            "objdump",
            "--disassemble-all",
            "--wide",
            "--target=binary",
            "--architecture=i386:x86-64",
            "--disassembler-options=intel",
            "--adjust-vma=" + program.origin(),
            "--stop-address=" + (program.origin() + length),
            file.toString());
    List<String> rows = new ArrayList<>();
    Matcher row = ROW.matcher(output);
    while (row.find()) {
      String text = row.group(3).strip().replaceAll(" +", " ").replace("+0x0]", "]");
      text = RELATIVE.matcher(text).replaceFirst("[$2]$1");
      rows.add(row.group(1) + ": " + row.group(2).strip() + ": " + text);
    }
    assertTrue(!rows.isEmpty(), output);
    return rows;
  }

  /** A line as objdump would write it, with the addresses of its labels. */
  private static String row(Program program, byte[] bytes, Line line) {
    String hex =
        HexFormat.ofDelimiter(" ").formatHex(bytes, line.offset(), line.offset() + line.length());
    String text = line.text();
    int operands = text.indexOf(' ');
    if (operands > 0) {
      text =
          text.substring(0, operands)
              + NAME.matcher(text.substring(operands))
                  .replaceAll(
                      name -> {
                        Long address = program.labels().get(name.group(1));
                        if (address == null) {
                          return name.group();
                        }
                        long more = name.group(2) == null ? 0 : Long.parseLong(name.group(2), 16);
                        return "0x" + Long.toHexString(address + more);
                      });
    }
    return Long.toHexString(program.origin() + line.offset()) + ": " + hex + ": " + text;
  }
}

package dev.husk.image.asm;

import static dev.husk.image.asm.Memory.byteAt;
import static dev.husk.image.asm.Memory.dwordAt;
import static dev.husk.image.asm.Memory.qwordAt;
import static dev.husk.image.asm.Memory.wordAt;
import static dev.husk.image.asm.Register.AL;
import static dev.husk.image.asm.Register.EAX;
import static dev.husk.image.asm.Register.ECX;
import static dev.husk.image.asm.Register.EDI;
import static dev.husk.image.asm.Register.EDX;
import static dev.husk.image.asm.Register.RAX;
import static dev.husk.image.asm.Register.RCX;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AssemblerTest {
  private static final List<Integer> NUMBERS =
      List.of(0, 1, -1, 127, 128, -128, -129, 0x1234, Integer.MAX_VALUE, Integer.MIN_VALUE);

  @TempDir private Path scratch;

  /** Every form with every register, place and kind of number. */
  @Test
  void everyInstructionIsWhatADisassemblerReads() throws Exception {
    Assembler asm = new Assembler();
    asm.label("top");
    for (Register register : Register.values()) {
      withRegister(asm, register);
      for (Register other : Register.values()) {
        if (other.width() == register.width()) {
          asm.mov(register, other).add(register, other).sub(register, other);
          asm.xor(register, other).cmp(register, other).test(register, other);
        }
        if (other.width() == Width.QWORD) {
          for (int displacement : List.of(0, 8, -8, 127, -128, 128, -129, 0x12345678)) {
            withMemory(asm, register, place(register.width(), other, displacement));
          }
        }
      }
      for (int displacement : List.of(0, 8)) {
        withMemory(asm, register, place(register.width(), "data", displacement));
      }
    }
    asm.call("top").jmp("bottom").je("top").jne("bottom").js("top").jle("bottom").jb("top");
    asm.ret().syscall().rdtsc().in().out().repMovsb();
    asm.label("bottom");
    asm.ret();
    asm.align(16).label("data").quad(1).string("text").utf16("text").data(new byte[] {1, 2, 3});

    Objdump.assertAgrees(asm.assemble(0x400000), scratch);
  }

  private static void withRegister(Assembler asm, Register register) {
    asm.neg(register).inc(register).dec(register).div(register);
    asm.shl(register, 3).shr(register, 8);
    for (int number : NUMBERS) {
      if (fits(number, register.width())) {
        asm.add(register, number).sub(register, number);
        asm.and(register, number).cmp(register, number);
      }
    }
    switch (register.width()) {
      case DWORD -> {
        NUMBERS.forEach(number -> asm.mov(register, number));
        asm.mov(register, 0xffff_ffffL);
        asm.test(register, 0xff);
      }
      case QWORD -> {
        NUMBERS.forEach(number -> asm.mov(register, number));
        asm.mov(register, 1L << 63);
        asm.lea(register, "data");
        asm.push(register).pop(register).imul(register, RAX, 1000);
      }
      case BYTE, WORD -> {}
    }
  }

  private static void withMemory(Assembler asm, Register register, Memory memory) {
    asm.mov(register, memory).mov(memory, register).cmp(memory, register).add(register, memory);
    for (int number : NUMBERS) {
      if (fits(number, memory.width())) {
        asm.mov(memory, number).cmp(memory, number);
      }
    }
    switch (memory.width()) {
      case BYTE, WORD -> asm.movzx(EAX, memory).movzx(Register.R8D, memory);
      case DWORD -> {}
      case QWORD ->
          asm.lea(register, memory).push(memory).call(memory).imul(register, memory, 1_000_000_000);
    }
  }

  private static boolean fits(int number, Width width) {
    long limit = 1L << (8 * Math.min(width.bytes(), Integer.BYTES) - 1);
    return -limit <= number && number < limit;
  }

  private static Memory place(Width width, Register base, int displacement) {
    return switch (width) {
      case BYTE -> byteAt(base, displacement);
      case WORD -> wordAt(base, displacement);
      case DWORD -> dwordAt(base, displacement);
      case QWORD -> qwordAt(base, displacement);
    };
  }

  private static Memory place(Width width, String label, int displacement) {
    return switch (width) {
      case BYTE -> byteAt(label);
      case WORD -> wordAt(label, displacement);
      case DWORD -> dwordAt(label, displacement);
      case QWORD -> qwordAt(label, displacement);
    };
  }

  @Test
  void refusesWhatCannotBeEncoded() {
    Assembler asm = new Assembler();
    assertThrows(IllegalArgumentException.class, () -> asm.mov(RAX, ECX));
    assertThrows(IllegalArgumentException.class, () -> asm.mov(EAX, qwordAt(RCX, 0)));
    assertThrows(IllegalArgumentException.class, () -> asm.mov(EAX, 1L << 32));
    assertThrows(IllegalArgumentException.class, () -> asm.mov(AL, 1));
    assertThrows(IllegalArgumentException.class, () -> asm.movzx(EAX, dwordAt(RCX, 0)));
    assertThrows(IllegalArgumentException.class, () -> asm.lea(EAX, "label"));
    assertThrows(IllegalArgumentException.class, () -> asm.imul(EAX, ECX, 1));
    assertThrows(IllegalArgumentException.class, () -> asm.add(AL, 0x100));
    assertThrows(IllegalArgumentException.class, () -> asm.mov(wordAt(RAX, 0), -0x8001));
    assertThrows(IllegalArgumentException.class, () -> asm.push(EAX));
    assertThrows(IllegalArgumentException.class, () -> asm.pop(EAX));
    assertThrows(IllegalArgumentException.class, () -> byteAt(EDX, 0));
    assertEquals(0, asm.assemble(0).bytes().length);
  }

  @Test
  void aLabelIsDefinedOnce() {
    Assembler asm = new Assembler().label("here");
    assertThrows(IllegalArgumentException.class, () -> asm.label("here"));
    assertThrows(IllegalArgumentException.class, () -> asm.reserve("here", 8));
    asm.jmp("there");
    assertThrows(IllegalStateException.class, () -> asm.assemble(0));
  }

  @Test
  void listsAddressesBytesAndReasons() {
    Assembler asm = new Assembler();
    asm.label("start").mov(EDI, 42).note("the answer");
    asm.jmp("start");
    asm.label("name").string("husk\n");
    assertEquals(
        """
        start:
            1000  bf 2a 00 00 00                    mov edi,0x2a                              ; the answer
            1005  e9 f6 ff ff ff                    jmp start
        name:
            100a  68 75 73 6b 0a 00                 db "husk\\n",0
        """,
        asm.assemble(0x1000).listing());
  }

  /** A program with code, constants and variables runs. */
  @Test
  void anExecutableRuns() throws Exception {
    Tools.need(List.of("amd64", "x86_64").contains(System.getProperty("os.arch")), "not x86-64");
    Path file = scratch.resolve("program");
    byte[] elf = StaticElf.of(exitsWith42(), "start");
    Files.write(file, elf);
    assertTrue(file.toFile().setExecutable(true));
    assertEquals(42, new ProcessBuilder(file.toString()).start().waitFor());
    assertArrayEquals(elf, StaticElf.of(exitsWith42(), "start"));

    String headers = Tools.run("readelf", "--file-header", "--program-headers", file.toString());
    List<String> segments =
        headers.lines().map(String::strip).filter(line -> line.startsWith("LOAD")).toList();
    assertEquals(2, segments.size(), headers);
    assertTrue(headers.contains("EXEC (Executable file)"), headers);
    assertTrue(headers.contains("Advanced Micro Devices X86-64"), headers);
    assertTrue(Arrays.asList(headers.split("\\s+")).contains("0x4000b0"), headers);
  }

  private static Program exitsWith42() {
    Assembler asm = new Assembler();
    asm.label("start");
    asm.cmp(qwordAt("variable", 0), 0);
    asm.jne("exit").note("it must be zero");
    asm.lea(RAX, "constant");
    asm.cmp(qwordAt("pointer", 0), RAX);
    asm.jne("exit");
    asm.mov(EDI, dwordAt(RAX, 0));
    asm.mov(dwordAt("variable", 4), EDI);
    asm.mov(EDI, dwordAt("variable", 4));
    asm.label("exit");
    asm.mov(EAX, 60);
    asm.syscall();
    asm.align(8);
    asm.label("constant").quad(42);
    asm.label("pointer").address("constant");
    asm.reserve("other", 1).reserve("variable", 8);
    return asm.assemble(StaticElf.ORIGIN);
  }
}

package dev.husk.image.asm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a program, one call a line: instructions first, data behind them, and space that is zero
 * at the start. Operands stand in the order of Intel's manual, the destination first. Jumps and
 * addresses of labels are always 32 bits wide. Not thread-safe.
 */
public final class Assembler {
  static final int PAGE = 4096;

  private static final int ADD = 0;
  private static final int AND = 4;
  private static final int SUB = 5;
  private static final int XOR = 6;
  private static final int CMP = 7;

  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Place> labels = new LinkedHashMap<>();
  private final List<Use> uses = new ArrayList<>();
  private int reserved;

  /** Where a label stands: in the code, or in the reserved space. */
  private record Place(boolean inReserved, int offset) {}

  /**
   * Where the address of a label must be written.
   *
   * @param position of the first byte to write
   * @param displacement added to the address
   * @param end the end of the instruction, to which the four bytes are relative; 0 if the eight
   *     bytes of the address itself are wanted
   */
  private record Use(int position, String label, int displacement, int end) {}

  /** An empty program. */
  public Assembler() {}

  /** Gives what comes next a name. */
  public Assembler label(String name) {
    define(name, new Place(false, code.size()));
    return this;
  }

  /** Says why the last line is there. */
  public Assembler note(String why) {
    lines.addLast(lines.removeLast().withNote(why));
    return this;
  }

  /** Copies a register. */
  public Assembler mov(Operand to, Register from) {
    sameWidth(to, from);
    modRm(0x89, from.width(), from.number(), to, 0);
    return instruction("mov", to, from);
  }

  /** Reads memory. */
  public Assembler mov(Register to, Memory from) {
    sameWidth(to, from);
    modRm(0x8b, to.width(), to.number(), from, 0);
    return instruction("mov", to, from);
  }

  /** Loads a number. */
  public Assembler mov(Register to, long value) {
    Width width = to.width();
    if (width == Width.QWORD && value != (int) value) {
      rex(width, 0, to.number());
      put(0xb8 | to.number() & 7, 1);
      put(value, Long.BYTES);
      return instruction("movabs", to, width.hex(value));
    }
    if (width == Width.QWORD) {
      modRm(0xc7, width, 0, to, Integer.BYTES);
    } else if (width == Width.DWORD && (value == (int) value || value >>> 32 == 0)) {
      rex(width, 0, to.number());
      put(0xb8 | to.number() & 7, 1);
    } else {
      throw new IllegalArgumentException("mov " + to + "," + width.hex(value));
    }
    put(value, Integer.BYTES);
    return instruction("mov", to, width.hex(value));
  }

  /** Writes a number to memory, sign-extended to eight bytes where that many are written. */
  public Assembler mov(Memory to, int value) {
    fits(value, to.width());
    int bytes = Math.min(to.width().bytes(), Integer.BYTES);
    modRm(0xc7, to.width(), 0, to, bytes);
    put(value, bytes);
    return instruction("mov", to, to.width().hex(value));
  }

  /** Reads one or two bytes and clears the rest of the register. */
  public Assembler movzx(Register to, Memory from) {
    if (from.width().bytes() > Width.WORD.bytes() || to.width() != Width.DWORD) {
      throw new IllegalArgumentException("movzx " + to + ", " + from);
    }
    modRm(from.width() == Width.BYTE ? 0x0fb6 : 0x0fb7, to.width(), to.number(), from, 0);
    return instruction("movzx", to, from);
  }

  /** Loads the address of memory. */
  public Assembler lea(Register to, Memory from) {
    eightBytes(to);
    modRm(0x8d, to.width(), to.number(), from, 0);
    return instruction("lea", to, from.address());
  }

  /** Loads the address of a label. */
  public Assembler lea(Register to, String label) {
    return lea(to, Memory.byteAt(label));
  }

  /** Adds a register. */
  public Assembler add(Operand to, Register from) {
    return arithmetic("add", ADD, to, from);
  }

  /** Adds what is in memory. */
  public Assembler add(Register to, Memory from) {
    sameWidth(to, from);
    modRm(0x03, to.width(), to.number(), from, 0);
    return instruction("add", to, from);
  }

  /** Adds a number. */
  public Assembler add(Operand to, int value) {
    return arithmetic("add", ADD, to, value);
  }

  /** Subtracts a register. */
  public Assembler sub(Operand to, Register from) {
    return arithmetic("sub", SUB, to, from);
  }

  /** Subtracts a number. */
  public Assembler sub(Operand to, int value) {
    return arithmetic("sub", SUB, to, value);
  }

  /** Keeps the bits of a number. */
  public Assembler and(Operand to, int value) {
    return arithmetic("and", AND, to, value);
  }

  /** Turns the bits of a register over; of a register with itself: clears it. */
  public Assembler xor(Operand to, Register from) {
    return arithmetic("xor", XOR, to, from);
  }

  /** Compares with a register. */
  public Assembler cmp(Operand left, Register right) {
    return arithmetic("cmp", CMP, left, right);
  }

  /** Compares with a number. */
  public Assembler cmp(Operand left, int value) {
    return arithmetic("cmp", CMP, left, value);
  }

  /** Sets the flags by the bits that both have; of a register with itself: by its value. */
  public Assembler test(Register left, Register right) {
    sameWidth(left, right);
    modRm(0x85, left.width(), right.number(), left, 0);
    return instruction("test", left, right);
  }

  /** Sets the flags by the bits that it has of a number. */
  public Assembler test(Register left, int value) {
    if (left.width() != Width.DWORD) {
      throw new IllegalArgumentException("test " + left + ",number");
    }
    modRm(0xf7, left.width(), 0, left, Integer.BYTES);
    put(value, Integer.BYTES);
    return instruction("test", left, left.width().hex(value));
  }

  /** Multiplies by a number. */
  public Assembler imul(Register to, Operand from, int value) {
    eightBytes(to);
    sameWidth(to, from);
    modRm(0x69, to.width(), to.number(), from, Integer.BYTES);
    put(value, Integer.BYTES);
    return line(false, "imul " + to + "," + from + "," + to.width().hex(value));
  }

  /** Divides rdx and rax by an unsigned number: the quotient into rax, the remainder into rdx. */
  public Assembler div(Register by) {
    modRm(0xf7, by.width(), 6, by, 0);
    return instruction("div", by);
  }

  /** Changes the sign. */
  public Assembler neg(Register of) {
    modRm(0xf7, of.width(), 3, of, 0);
    return instruction("neg", of);
  }

  /** Adds one. */
  public Assembler inc(Register to) {
    modRm(0xff, to.width(), 0, to, 0);
    return instruction("inc", to);
  }

  /** Subtracts one. */
  public Assembler dec(Register of) {
    modRm(0xff, of.width(), 1, of, 0);
    return instruction("dec", of);
  }

  /** Shifts to the left. */
  public Assembler shl(Register of, int bits) {
    return shift("shl", 4, of, bits);
  }

  /** Shifts to the right; zeros come from the left. */
  public Assembler shr(Register of, int bits) {
    return shift("shr", 5, of, bits);
  }

  /** Puts eight bytes on the stack. */
  public Assembler push(Operand from) {
    eightBytes(from);
    if (from instanceof Register register) {
      rex(Width.DWORD, 0, register.number());
      put(0x50 | register.number() & 7, 1);
    } else {
      modRm(0xff, Width.DWORD, 6, from, 0);
    }
    return instruction("push", from);
  }

  /** Takes eight bytes from the stack. */
  public Assembler pop(Register to) {
    eightBytes(to);
    rex(Width.DWORD, 0, to.number());
    put(0x58 | to.number() & 7, 1);
    return instruction("pop", to);
  }

  /** Calls a routine. */
  public Assembler call(String label) {
    return jump("call", 0xe8, label);
  }

  /** Calls a routine whose address is in memory. */
  public Assembler call(Memory address) {
    eightBytes(address);
    modRm(0xff, Width.DWORD, 2, address, 0);
    return instruction("call", address);
  }

  /** Returns to the caller. */
  public Assembler ret() {
    put(0xc3, 1);
    return line(false, "ret");
  }

  /** Goes on elsewhere. */
  public Assembler jmp(String label) {
    return jump("jmp", 0xe9, label);
  }

  /** Goes on elsewhere if equal, or zero. */
  public Assembler je(String label) {
    return jump("je", 0x0f84, label);
  }

  /** Goes on elsewhere if not equal, or not zero. */
  public Assembler jne(String label) {
    return jump("jne", 0x0f85, label);
  }

  /** Goes on elsewhere if negative. */
  public Assembler js(String label) {
    return jump("js", 0x0f88, label);
  }

  /** Goes on elsewhere if less or equal, with signs. */
  public Assembler jle(String label) {
    return jump("jle", 0x0f8e, label);
  }

  /** Goes on elsewhere if less, without signs. */
  public Assembler jb(String label) {
    return jump("jb", 0x0f82, label);
  }

  /** Calls the kernel of Linux: the number in eax; it destroys rcx and r11. */
  public Assembler syscall() {
    putOpcode(0x0f05);
    return line(false, "syscall");
  }

  /** Reads the time stamp counter into edx, its upper half, and eax. */
  public Assembler rdtsc() {
    putOpcode(0x0f31);
    return line(false, "rdtsc");
  }

  /** Reads a byte from the I/O port dx into al. */
  public Assembler in() {
    put(0xec, 1);
    return line(false, "in al,dx");
  }

  /** Writes al to the I/O port dx. */
  public Assembler out() {
    put(0xee, 1);
    return line(false, "out dx,al");
  }

  /** Copies rcx bytes from rsi on to rdi on. */
  public Assembler repMovsb() {
    putOpcode(0xf3a4);
    return line(false, "rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi]");
  }

  /** Text in UTF-8 with a zero byte at its end. */
  public Assembler string(String text) {
    code.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    put(0, 1);
    return line(true, "db " + quoted(text) + ",0");
  }

  /** Text in UTF-16 with a zero at its end. */
  public Assembler utf16(String text) {
    code.writeBytes(text.getBytes(StandardCharsets.UTF_16LE));
    put(0, 2);
    return line(true, "dw " + quoted(text) + ",0");
  }

  /** Bytes as they are. */
  public Assembler data(byte[] bytes) {
    code.writeBytes(bytes);
    return line(true, "db " + bytes.length + " bytes");
  }

  /** Eight bytes. */
  public Assembler quad(long value) {
    put(value, Long.BYTES);
    return line(true, "dq " + Width.QWORD.hex(value));
  }

  /** The address of a label in eight bytes; such a program runs at its own address only. */
  public Assembler address(String label) {
    uses.add(new Use(code.size(), label, 0, 0));
    put(0, Long.BYTES);
    return line(true, "dq " + label);
  }

  /** Zeros up to a multiple of so many bytes from the program's begin. */
  public Assembler align(int bytes) {
    int gap = Math.floorMod(-code.size(), bytes);
    if (gap == 0) {
      return this;
    }
    code.writeBytes(new byte[gap]);
    return line(true, "align " + bytes);
  }

  /** Space of so many bytes that is zero at the start, aligned to eight. */
  public Assembler reserve(String name, int bytes) {
    define(name, new Place(true, reserved));
    reserved += (bytes + Long.BYTES - 1) & -Long.BYTES;
    return this;
  }

  /**
   * The program.
   *
   * @param origin the address where it will be loaded; any if it uses no {@link #address}
   */
  public Program assemble(long origin) {
    byte[] bytes = code.toByteArray();
    long reservedAddress = (origin + bytes.length + PAGE - 1) & -PAGE;
    Map<String, Long> addresses = new LinkedHashMap<>();
    labels.forEach(
        (label, place) ->
            addresses.put(label, (place.inReserved ? reservedAddress : origin) + place.offset));
    ByteBuffer patched = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Use use : uses) {
      Long label = addresses.get(use.label);
      if (label == null) {
        throw new IllegalStateException("no label " + use.label);
      }
      long address = label + use.displacement;
      if (use.end == 0) {
        patched.putLong(use.position, address);
      } else {
        patched.putInt(use.position, Math.toIntExact(address - (origin + use.end)));
      }
    }
    return new Program(
        origin, bytes, Collections.unmodifiableMap(addresses), reservedAddress, reserved, lines);
  }

  private void define(String name, Place place) {
    if (labels.putIfAbsent(name, place) != null) {
      throw new IllegalArgumentException("label " + name + " twice");
    }
  }

  private Assembler arithmetic(String name, int operation, Operand to, Register from) {
    sameWidth(to, from);
    modRm(operation << 3 | 1, from.width(), from.number(), to, 0);
    return instruction(name, to, from);
  }

  private Assembler arithmetic(String name, int operation, Operand to, int value) {
    fits(value, to.width());
    if (to.width() == Width.BYTE) {
      modRm(0x81, to.width(), operation, to, 1);
      put(value, 1);
    } else if (value == (byte) value) {
      modRm(0x83, to.width(), operation, to, 1);
      put(value, 1);
    } else {
      int bytes = Math.min(to.width().bytes(), Integer.BYTES);
      modRm(0x81, to.width(), operation, to, bytes);
      put(value, bytes);
    }
    return instruction(name, to, to.width().hex(value));
  }

  private Assembler shift(String name, int operation, Register of, int bits) {
    modRm(0xc1, of.width(), operation, of, 1);
    put(bits, 1);
    return instruction(name, of, Width.BYTE.hex(bits));
  }

  private Assembler jump(String name, int opcode, String label) {
    putOpcode(opcode);
    relative(label, 0, 0);
    return line(false, name + " " + label);
  }

  /**
   * Prefixes, opcode and operands (volume 2, section 2.1).
   *
   * @param opcode for operands of two bytes and more; the one below is for one byte
   * @param width of the operation
   * @param field the register that isn't {@code rm}, or the rest of the opcode
   * @param immediate how many bytes the caller puts behind
   */
  private void modRm(int opcode, Width width, int field, Operand rm, int immediate) {
    int ofWidth = width == Width.BYTE ? opcode - 1 : opcode;
    if (width == Width.WORD) {
      put(0x66, 1);
    }
    switch (rm) {
      case Register register -> {
        rex(width, field, register.number());
        putOpcode(ofWidth);
        putModRm(3, field, register.number());
      }
      case Memory memory -> inMemory(ofWidth, width, field, memory, immediate);
    }
  }

  private void inMemory(int opcode, Width width, int field, Memory memory, int immediate) {
    Register base = memory.base();
    String label = memory.label();
    int displacement = memory.displacement();
    if (label != null) {
      rex(width, field, 0);
      putOpcode(opcode);
      putModRm(0, field, 5); // relative to rip
      relative(label, displacement, immediate);
    } else if (base != null) {
      int number = base.number();
      rex(width, field, number);
      putOpcode(opcode);
      // Without a displacement, rbp and r13 would mean "relative to rip".
      boolean none = displacement == 0 && (number & 7) != 5;
      boolean small = displacement == (byte) displacement;
      putModRm(none ? 0 : small ? 1 : 2, field, number);
      if ((number & 7) == 4) {
        put(0x24, 1); // rsp and r12 mean "a SIB byte follows": base alone, no index
      }
      put(displacement, none ? 0 : small ? 1 : Integer.BYTES);
    }
  }

  private void relative(String label, int displacement, int immediate) {
    int end = code.size() + Integer.BYTES + immediate;
    uses.add(new Use(code.size(), label, displacement, end));
    put(0, Integer.BYTES);
  }

  /** The prefix that widens to 64 bits and names the registers 8 to 15; none where not needed. */
  private void rex(Width width, int field, int rm) {
    int bits = (width == Width.QWORD ? 8 : 0) | (field & 8) >> 1 | (rm & 8) >> 3;
    if (bits != 0) {
      put(0x40 | bits, 1);
    }
  }

  private void putModRm(int mode, int field, int rm) {
    put(mode << 6 | (field & 7) << 3 | rm & 7, 1);
  }

  private void putOpcode(int opcode) {
    if (opcode > 0xff) {
      put(opcode >> 8, 1);
    }
    put(opcode, 1);
  }

  /** The lowest bytes of a number, the lowest first. */
  private void put(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      code.write((int) (value >> (8 * i)));
    }
  }

  private Assembler instruction(String name, Object operand) {
    return line(false, name + " " + operand);
  }

  private Assembler instruction(String name, Object to, Object from) {
    return line(false, name + " " + to + "," + from);
  }

  private Assembler line(boolean data, String text) {
    int start = lines.isEmpty() ? 0 : lines.getLast().offset() + lines.getLast().length();
    lines.add(new Line(start, code.size() - start, data, text, ""));
    return this;
  }

  private static void sameWidth(Operand left, Operand right) {
    if (left.width() != right.width()) {
      throw new IllegalArgumentException(left + " and " + right + " differ in width");
    }
  }

  /** A number may be meant with a sign or without. */
  private static void fits(int value, Width width) {
    int bits = Byte.SIZE * width.bytes();
    if (bits < Integer.SIZE && (value < -(1 << (bits - 1)) || value >= 1 << bits)) {
      throw new IllegalArgumentException(value + " does not fit in a " + width);
    }
  }

  private static void eightBytes(Operand operand) {
    if (operand.width() != Width.QWORD) {
      throw new IllegalArgumentException(operand + " has not eight bytes");
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\n", "\\n").replace("\r", "\\r") + '"';
  }
}

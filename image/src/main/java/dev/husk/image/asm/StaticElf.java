package dev.husk.image.asm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A program as a static executable of Linux: ELF64 as in the System V ABI, chapters 4 and 5, with
 * one segment that is read and executed and, when space is reserved, one that is read and written.
 */
public final class StaticElf {
  private static final int HEADER = 64;
  private static final int SEGMENT_HEADER = 56;
  private static final long BASE = 0x400000;

  /** Where the program must be assembled: behind the headers, which are loaded along. */
  public static final long ORIGIN = BASE + HEADER + 2 * SEGMENT_HEADER;

  private static final short EXECUTABLE = 2;
  private static final short X86_64 = 62;
  private static final int LOAD = 1;
  private static final int EXECUTE = 1;
  private static final int WRITE = 2;
  private static final int READ = 4;

  private StaticElf() {}

  /**
   * The file.
   *
   * @param program assembled at {@link #ORIGIN}
   * @param entry the label where it starts
   */
  public static byte[] of(Program program, String entry) {
    if (program.origin() != ORIGIN) {
      throw new IllegalArgumentException("assembled at another address");
    }
    byte[] code = program.bytes();
    int segments = program.reservedSize() == 0 ? 1 : 2;
    int size = (int) (ORIGIN - BASE) + code.length;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}); // 64 bits, little endian, version 1
    file.putLong(0);
    file.putShort(EXECUTABLE).putShort(X86_64).putInt(1);
    file.putLong(program.address(entry)).putLong(HEADER).putLong(0); // no section headers
    file.putInt(0).putShort((short) HEADER);
    file.putShort((short) SEGMENT_HEADER).putShort((short) segments);
    file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    segment(file, READ | EXECUTE, BASE, size, size);
    if (segments == 2) {
      segment(file, READ | WRITE, program.reservedAddress(), 0, program.reservedSize());
    }
    file.position(size - code.length).put(code);
    return file.array();
  }

  private static void segment(ByteBuffer file, int flags, long address, int inFile, int inMemory) {
    file.putInt(LOAD).putInt(flags).putLong(0).putLong(address).putLong(address);
    file.putLong(inFile).putLong(inMemory).putLong(Assembler.PAGE);
  }
}

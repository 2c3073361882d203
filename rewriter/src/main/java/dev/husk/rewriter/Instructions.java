package dev.husk.rewriter;

/**
 * The instructions of the JVM: how long each is and what it does to the operand stack. Tables are
 * written as strings, which a class initializer reads faster than it fills arrays.
 */
final class Instructions {

  static final int DUP = 0x59;
  static final int IINC = 0x84;
  static final int IFEQ = 0x99;
  static final int JSR = 0xa8;
  static final int RET = 0xa9;
  static final int TABLESWITCH = 0xaa;
  static final int LOOKUPSWITCH = 0xab;
  static final int RETURN = 0xb1;
  static final int GETSTATIC = 0xb2;
  static final int PUTSTATIC = 0xb3;
  static final int GETFIELD = 0xb4;
  static final int PUTFIELD = 0xb5;
  static final int INVOKEVIRTUAL = 0xb6;
  static final int INVOKESPECIAL = 0xb7;
  static final int INVOKESTATIC = 0xb8;
  static final int INVOKEINTERFACE = 0xb9;
  static final int INVOKEDYNAMIC = 0xba;
  static final int NEW = 0xbb;
  static final int ATHROW = 0xbf;
  static final int WIDE = 0xc4;
  static final int MULTIANEWARRAY = 0xc5;
  static final int IFNULL = 0xc6;
  static final int IFNONNULL = 0xc7;
  static final int GOTO_W = 0xc8;
  static final int JSR_W = 0xc9;

  /** The size of an instruction that differs from one to the next. */
  static final int VARIES = 9;

  private static final int COUNT = 202;

  private static final String SIZE_DIGITS =
      "11111111111111112323322222111111111111111111111111111122222111111111111111111111"
          + "11111111111111111111111111111111111111111111111111113111111111111111111113333333"
          + "333333333299111111333333355323113311943355";

  /** Two digits each: popped, pushed; dashes for what depends on operands or leaves the line. */
  private static final String EFFECT_DIGITS =
      "00010101010101010102020101010202010101010201020102010101010102020202010101010202"
          + "02020101010121222122212121211020102010101010102020202010101010202020201010101030"
          + "40304030303030102012233424354622214221422142214221422142214221422142214211221122"
          + "213221322132214221422142001211122121221112122122211111114121214141--------------"
          + "------------------------------------------------------01111111--11111010--------"
          + "----";

  /** By opcode: bytes, {@link #VARIES}, or 0 for what is no instruction. */
  static final byte[] SIZES = new byte[256];

  /** The same, but 0 for possible sites and for what varies in size: all that needs a look. */
  static final byte[] PLAIN_SIZES = new byte[256];

  static {
    for (int op = 0; op < COUNT; op++) {
      SIZES[op] = (byte) (SIZE_DIGITS.charAt(op) - '0');
      boolean site = op >= GETSTATIC && op <= NEW && op != INVOKEDYNAMIC;
      if (!site && SIZES[op] != VARIES) {
        PLAIN_SIZES[op] = SIZES[op];
      }
    }
  }

  private Instructions() {}

  /** The stack slots popped times 16 plus those pushed, or -1 where the opcode doesn't tell. */
  static int effect(int op) {
    char popped = EFFECT_DIGITS.charAt(2 * op);
    return popped == '-' ? -1 : (popped - '0') * 16 + EFFECT_DIGITS.charAt(2 * op + 1) - '0';
  }

  /** Whether the instruction may go on elsewhere than at the next one. */
  static boolean leavesTheLine(int op) {
    return op >= IFEQ && op <= RETURN || op == ATHROW || op >= IFNULL && op <= JSR_W;
  }

  /** The bytes of an instruction; {@code start} is where the code starts. */
  static int size(ConstantPool pool, int start, int pc) {
    int size = SIZES[pool.u1(pc)];
    if (size == VARIES) {
      int operands = pc + 1 + (3 - (pc - start) & 3);
      switch (pool.u1(pc)) {
        case TABLESWITCH:
          long cases = (long) pool.s4(operands + 8) - pool.s4(operands + 4) + 1;
          if (cases <= 0 || cases > 0xffff) {
            throw new MalformedClassException("tableswitch");
          }
          return operands + 12 + 4 * (int) cases - pc;
        case LOOKUPSWITCH:
          int pairs = pool.s4(operands + 4);
          if (pairs < 0 || pairs > 0xffff) {
            throw new MalformedClassException("lookupswitch");
          }
          return operands + 8 + 8 * pairs - pc;
        default:
          return pool.u1(pc + 1) == IINC ? 6 : 4;
      }
    }
    if (size == 0) {
      throw new MalformedClassException("opcode");
    }
    return size;
  }
}

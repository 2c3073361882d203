package dev.husk.rewriter;

/** Finds out, from class files alone, whether a class inherits a member from a seam's type. */
final class Inheritance {

  // In rising order of what wins among the interfaces of a class.
  private static final int ABSENT = 0;
  static final int NO = 1;
  static final int UNKNOWN = 2;
  static final int YES = 3;

  /** More class files than this are not asked for, for one member. */
  private static final int MOST = 64;

  private final Supers supers;
  private final String ownName;
  private final ConstantPool own;
  private int budget;

  Inheritance(Supers supers, String ownName, ConstantPool own) {
    this.supers = supers;
    this.ownName = ownName;
    this.own = own;
  }

  /**
   * Whether {@code owner.member} means the member that {@code type} declares: nothing on the way up
   * declares the same.
   */
  int inherits(String owner, String type, String member, String descriptor, boolean field) {
    budget = MOST;
    int answer = up(owner, type, member, descriptor, field);
    return answer == ABSENT ? NO : answer;
  }

  /** Looks where the JVM looks: in the class, its superclasses, then its interfaces. */
  private int up(String name, String type, String member, String descriptor, boolean field) {
    if (name.equals(type)) {
      return YES;
    }
    if (name.equals("java/lang/Object") || name.startsWith("[")) {
      return ABSENT;
    }
    if (budget-- == 0) {
      return UNKNOWN;
    }
    ConstantPool pool;
    if (name.equals(ownName)) {
      pool = own;
    } else {
      byte[] bytes = supers.classFile(name);
      if (bytes == null) {
        return UNKNOWN;
      }
      pool = ConstantPool.of(bytes);
    }
    if (declares(pool, member, descriptor, field)) {
      return NO;
    }
    int header = pool.end;
    int superclass = pool.u2(header + 4);
    int answer = ABSENT;
    if (superclass != 0) {
      answer = up(pool.classText(superclass), type, member, descriptor, field);
      if (answer != ABSENT) {
        return answer;
      }
    }
    int interfaces = pool.u2(header + 6);
    for (int i = 0; i < interfaces && answer != YES; i++) {
      String above = pool.classText(pool.u2(header + 8 + 2 * i));
      int next = up(above, type, member, descriptor, field);
      if (next > answer) {
        answer = next;
      }
    }
    return answer;
  }

  /** Whether the class file declares the member itself. */
  static boolean declares(ConstantPool pool, String member, String descriptor, boolean field) {
    int at = pool.end + 8 + 2 * pool.u2(pool.end + 6);
    for (int kind = 0; kind < 2; kind++) {
      int count = pool.u2(at);
      at += 2;
      for (int i = 0; i < count; i++) {
        if (field == (kind == 0)
            && pool.is(pool.u2(at + 2), member)
            && pool.is(pool.u2(at + 4), descriptor)) {
          return true;
        }
        at = skipMember(pool, at);
      }
    }
    return false;
  }

  /** Where the field or method that starts at {@code at} ends. */
  static int skipMember(ConstantPool pool, int at) {
    int attributes = pool.u2(at + 6);
    at += 8;
    for (int i = 0; i < attributes; i++) {
      at = skipAttribute(pool, at);
    }
    return at;
  }

  static int skipAttribute(ConstantPool pool, int at) {
    int length = pool.s4(at + 2);
    if (length < 0 || length > pool.b.length - at - 6) {
      throw new MalformedClassException("attribute length");
    }
    return at + 6 + length;
  }
}

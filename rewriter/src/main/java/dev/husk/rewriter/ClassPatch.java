package dev.husk.rewriter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rewriting of one class. Used once, by one thread.
 *
 * <p>Implementation notes. First the constant pool tells which references may be sites ({@link
 * #match}); most classes end there. Then the code of each method is walked once. A reference is
 * replaced where it stands. A construction needs to know which {@code new} belongs to a constructor
 * call: while a {@code new} of a replaced type is open, the walk keeps count of the operand stack,
 * and gives the {@code new} up when an instruction leaves the straight line or touches the object.
 * What is left is closed by the {@code <init>} that finds the object right under its arguments.
 */
final class ClassPatch {

  private static final int HANDLE_GET_FIELD = 1;
  private static final int HANDLE_GET_STATIC = 2;
  private static final int HANDLE_INVOKE_VIRTUAL = 5;
  private static final int HANDLE_INVOKE_STATIC = 6;
  private static final int HANDLE_INVOKE_SPECIAL = 7;
  private static final int HANDLE_NEW = 8;
  private static final int HANDLE_INVOKE_INTERFACE = 9;

  private static final int ACC_INTERFACE = 0x0200;

  private static final String LAMBDA_FACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final int FLAG_SERIALIZABLE = 1;

  /** A reference in the constant pool that a seam replaces. */
  private static final class Match {
    final int seam;
    final boolean asStatic;
    final boolean asInstance;

    /** The constant pool's indexes of the class that the reference names, and of the descriptor. */
    final int owner;

    final int descriptor;

    final @Nullable Match next;

    /** Whether the reference means the seam's target, once it was asked: {@link Inheritance}. */
    int meant;

    Match(
        int seam,
        boolean asStatic,
        boolean asInstance,
        int owner,
        int descriptor,
        @Nullable Match next) {
      this.seam = seam;
      this.asStatic = asStatic;
      this.asInstance = asInstance;
      this.owner = owner;
      this.descriptor = descriptor;
      this.next = next;
    }

    /** Whether it can't be told if the reference means the seam's target. */
    boolean unsure() {
      return meant == Inheritance.UNKNOWN;
    }
  }

  private record Report(String method, int seam, @Nullable String why) {}

  /** A {@code new} whose constructor call was found. */
  private record Construction(int newAt, int initAt, int seam) {}

  private static final class Open {
    final int at;

    /** The identifier of the type's name. */
    final int type;

    /** The depth of the operand stack before the {@code new}. */
    final int base;

    Open(int at, int type, int base) {
      this.at = at;
      this.type = type;
      this.base = base;
    }
  }

  private record GivenUp(int type, String why) {}

  /** A gate, and the index of the reference to it. */
  private record PlacedGate(Gate gate, int reference) {}

  private final SeamTable table;
  private final ConstantPoolScan scan;
  private final ConstantPool pool;
  private final byte[] b;
  private final String className;
  private final boolean inJavaBase;
  private final Inheritance inheritance;

  /** The class file as it will be, but for what is appended; null until something changes. */
  private byte @Nullable [] out;

  /** By index in the constant pool. */
  private final @Nullable Match[] matches;

  /** Whether a seam replaces constructions. */
  private boolean constructions;

  /** Whether a matching seam reaches all methods of this class. */
  private boolean classWide;

  /** The methods of this class that matching seams name. */
  private final ArrayList<String> namedMethods = new ArrayList<>();

  /** By seam: the index of the appended method reference, 0 for none yet. */
  private final int[] references;

  private final HashMap<String, Integer> appendedClasses = new HashMap<>();

  /** What stands between the sites of a linked class and its seams; null at load time. */
  private final @Nullable LinkedHashMap<String, PlacedGate> gates;

  private byte @Nullable [] result;

  private final List<Report> reports = new ArrayList<>();

  // Of the method that is being walked.
  private int methodName;
  private @Nullable String methodText;
  private int depth;
  private final ArrayList<Open> open = new ArrayList<>();

  /** Whether {@link #open} has an element. */
  private boolean counting;

  private final ArrayList<GivenUp> givenUp = new ArrayList<>();
  private final ArrayList<Construction> done = new ArrayList<>();

  ClassPatch(
      SeamTable table,
      ConstantPoolScan scan,
      ConstantPool pool,
      String className,
      boolean inJavaBase,
      Supers supers,
      boolean link) {
    gates = link ? new LinkedHashMap<>() : null;
    this.table = table;
    this.scan = scan;
    this.pool = pool;
    this.b = pool.b;
    this.className = className;
    this.inJavaBase = inJavaBase;
    inheritance = new Inheritance(supers, className, pool);
    matches = new Match[pool.offsets.length];
    references = new int[table.seams.length];
  }

  /** The new class file, or null where nothing changes. */
  byte @Nullable [] result() {
    return result;
  }

  /** The methods that the new class file calls and lacks. */
  List<Gate> gates() {
    List<Gate> all = new ArrayList<>();
    if (gates != null) {
      for (PlacedGate placed : gates.values()) {
        all.add(placed.gate);
      }
    }
    return all;
  }

  void apply() {
    if (b[0] != (byte) 0xca || b[1] != (byte) 0xfe) {
      throw new MalformedClassException("magic");
    }
    if (!match()) {
      return;
    }
    int at = pool.end + 8 + 2 * pool.u2(pool.end + 6);
    int fields = pool.u2(at);
    at += 2;
    for (int i = 0; i < fields; i++) {
      at = Inheritance.skipMember(pool, at);
    }
    int methods = pool.u2(at);
    at += 2;
    for (int i = 0; i < methods; i++) {
      at = method(at);
    }
    handles(at);
    if (out == null) {
      return;
    }
    if (pool.count() > 0xffff) {
      for (int i = 0; i < reports.size(); i++) {
        Report r = reports.get(i);
        reports.set(i, new Report(r.method, r.seam, "the class's constant pool is full"));
      }
      return;
    }
    result = pool.assemble(out);
  }

  void report(SiteListener listener) {
    for (int i = 0; i < reports.size(); i++) {
      Report r = reports.get(i);
      Seam seam = table.seams[r.seam];
      if (r.why == null) {
        listener.rewritten(className, r.method, seam);
      } else {
        listener.leftAlone(className, r.method, seam, r.why);
      }
    }
  }

  // Which references are targets.

  /** Fills {@link #matches}; false if there are none. */
  private boolean match() {
    int[] offsets = pool.offsets;
    short[] ids = pool.ids;
    boolean any = false;
    for (int i = 1; i < offsets.length; i++) {
      int at = offsets[i];
      byte tag = b[at];
      if (tag != ConstantPool.METHOD
          && tag != ConstantPool.INTERFACE_METHOD
          && tag != ConstantPool.FIELD) {
        continue;
      }
      int nameAndType = pool.at(pool.u2(at + 3), ConstantPool.NAME_AND_TYPE);
      int name = pool.u2(nameAndType + 1);
      int id = ids[name];
      if (id != 0) {
        Seam.Shape shape = tag == ConstantPool.FIELD ? Seam.Shape.READ : Seam.Shape.CALL;
        match(i, shape, id, pool.className(pool.u2(at + 1)), pool.u2(nameAndType + 3));
      }
      if (tag == ConstantPool.METHOD) {
        int owner = pool.className(pool.u2(at + 1));
        id = ids[owner];
        if (id != 0 && pool.is(name, "<init>")) {
          match(i, Seam.Shape.NEW, id, owner, pool.u2(nameAndType + 3));
        }
      }
      any |= matches[i] != null;
    }
    return any;
  }

  private void match(int reference, Seam.Shape shape, int id, int owner, int descriptor) {
    int[] candidates = scan.seamsOfName[id];
    for (int i = 0; i < candidates.length; i++) {
      int seam = candidates[i];
      Seam s = table.seams[seam];
      if (s.shape() != shape) {
        continue;
      }
      String wanted = table.staticDescriptors[seam];
      boolean asStatic = wanted != null && pool.is(descriptor, wanted);
      wanted = table.instanceDescriptors[seam];
      boolean asInstance = wanted != null && pool.is(descriptor, wanted);
      if (!asStatic && !asInstance) {
        continue;
      }
      if (table.except[seam].rank(className, inJavaBase) != Scope.NOWHERE) {
        continue;
      }
      boolean wide = table.in[seam].rank(className, inJavaBase) != Scope.NOWHERE;
      if (!wide && !table.in[seam].namesMethodOf(className)) {
        continue;
      }
      classWide |= wide;
      table.in[seam].addMethodsOf(className, namedMethods);
      constructions |= shape == Seam.Shape.NEW;
      matches[reference] =
          new Match(seam, asStatic, asInstance, owner, descriptor, matches[reference]);
    }
  }

  /** The match with the narrowest scope that holds {@code method}, or null. */
  private @Nullable Match choose(@Nullable Match matches, boolean isStatic, boolean isNew) {
    Match best = null;
    int bestRank = Scope.NOWHERE;
    String method = methodText();
    for (Match m = matches; m != null; m = m.next) {
      if ((table.seams[m.seam].shape() == Seam.Shape.NEW) != isNew
          || !(isStatic ? m.asStatic : m.asInstance)) {
        continue;
      }
      int rank = table.in[m.seam].rank(className, inJavaBase, method);
      // The chain runs from the last seam to the first: at equal rank the first of the table wins.
      if (rank != Scope.NOWHERE
          && rank >= bestRank
          && table.except[m.seam].rank(className, inJavaBase, method) == Scope.NOWHERE
          && meant(m) != Inheritance.NO) {
        best = m;
        bestRank = rank;
      }
    }
    return best;
  }

  /** Asked late, for it may read class files: most references are used outside a seam's scope. */
  private int meant(Match m) {
    if (m.meant == 0) {
      Seam s = table.seams[m.seam];
      m.meant =
          s.shape() == Seam.Shape.NEW || pool.is(m.owner, s.type())
              ? Inheritance.YES
              : inheritance.inherits(
                  pool.text(m.owner),
                  s.type(),
                  s.member(),
                  pool.text(m.descriptor),
                  s.shape() == Seam.Shape.READ);
    }
    return m.meant;
  }

  // Code.

  private String methodText() {
    if (methodText == null) {
      methodText = pool.text(methodName);
    }
    return methodText;
  }

  /** Rewrites the method that starts at {@code at}; returns where it ends. */
  private int method(int at) {
    methodName = pool.u2(at + 2);
    methodText = null;
    int attributes = pool.u2(at + 6);
    boolean reached = classWide || isNamed();
    at += 8;
    for (int i = 0; i < attributes; i++) {
      int end = Inheritance.skipAttribute(pool, at);
      if (reached && pool.is(pool.u2(at), "Code")) {
        code(at + 6, end);
      }
      at = end;
    }
    return at;
  }

  private boolean isNamed() {
    for (int i = 0; i < namedMethods.size(); i++) {
      if (pool.is(methodName, namedMethods.get(i))) {
        return true;
      }
    }
    return false;
  }

  private void code(int attribute, int attributeEnd) {
    int start = attribute + 8;
    int length = pool.s4(attribute + 4);
    if (length <= 0 || length > 0xffff || length > attributeEnd - start) {
      throw new MalformedClassException("code length");
    }
    open.clear();
    counting = false;
    givenUp.clear();
    done.clear();
    byte[] b = this.b;
    byte[] sizes = Instructions.SIZES;
    byte[] plainSizes = Instructions.PLAIN_SIZES;
    Match[] matches = this.matches;
    int end = start + length;
    int pc = start;
    while (pc < end) {
      if (!counting) {
        int step;
        while (pc < end && (step = plainSizes[b[pc] & 255]) != 0) {
          pc += step;
        }
        if (pc >= end) {
          break;
        }
      }
      int op = b[pc] & 255;
      int size = sizes[op];
      if (op >= Instructions.GETSTATIC && op <= Instructions.NEW) {
        if (op == Instructions.NEW) {
          if (constructions && newOpened(pc)) {
            // The dup is part of it.
            pc += 4;
            continue;
          }
        } else if (op != Instructions.INVOKEDYNAMIC) {
          int index = (b[pc + 1] & 255) << 8 | b[pc + 2] & 255;
          if (op == Instructions.INVOKESPECIAL && constructions && initClosed(pc, index)) {
            pc += 3;
            continue;
          }
          if (matches[index] != null) {
            site(pc, op, index);
          }
        }
      } else if (size == Instructions.VARIES || size == 0) {
        size = Instructions.size(pool, start, pc);
      }
      if (counting) {
        count(pc, op);
      }
      pc += size;
    }
    if (pc != end) {
      throw new MalformedClassException("last instruction");
    }
    if (!done.isEmpty()) {
      construct(start, end, attributeEnd);
    }
  }

  private void site(int pc, int op, int index) {
    if (op == Instructions.PUTSTATIC || op == Instructions.PUTFIELD) {
      return;
    }
    boolean isStatic = op == Instructions.INVOKESTATIC || op == Instructions.GETSTATIC;
    Match match = choose(matches[index], isStatic, false);
    if (match == null) {
      return;
    }
    if (match.unsure()) {
      leave(match.seam, "it's unknown whether the call means the seam's target");
      return;
    }
    byte[] out = out();
    patch(out, pc, target(match.seam, kind(op), index));
    if (op == Instructions.INVOKEINTERFACE) {
      out[pc + 3] = 0;
      out[pc + 4] = 0;
    }
    reports.add(new Report(methodText(), match.seam, null));
  }

  private void patch(byte[] out, int pc, int reference) {
    out[pc] = (byte) Instructions.INVOKESTATIC;
    out[pc + 1] = (byte) (reference >> 8);
    out[pc + 2] = (byte) reference;
  }

  private byte[] out() {
    if (out == null) {
      out = b.clone();
    }
    return out;
  }

  private void leave(int seam, String why) {
    reports.add(new Report(methodText(), seam, why));
  }

  /** What a method handle would be that does the same as the instruction. */
  private static int kind(int op) {
    switch (op) {
      case Instructions.GETSTATIC:
        return HANDLE_GET_STATIC;
      case Instructions.GETFIELD:
        return HANDLE_GET_FIELD;
      case Instructions.INVOKESTATIC:
        return HANDLE_INVOKE_STATIC;
      case Instructions.INVOKESPECIAL:
        return HANDLE_INVOKE_SPECIAL;
      case Instructions.INVOKEINTERFACE:
        return HANDLE_INVOKE_INTERFACE;
      default:
        return HANDLE_INVOKE_VIRTUAL;
    }
  }

  /**
   * The index of the method reference that takes the place of a site.
   *
   * @param kind what the site does, as the kind of a method handle
   * @param original the index of the reference that stands there
   */
  private int target(int seam, int kind, int original) {
    // Seams of all apps stand for themselves when nothing is switched on.
    return gates == null || table.in[seam].app ? reference(seam) : gate(seam, kind, original);
  }

  /** The index of the seam's method reference. */
  private int reference(int seam) {
    int reference = references[seam];
    if (reference == 0) {
      Seam s = table.seams[seam];
      reference = append(ConstantPool.METHOD, s.seamClass(), s.seamMethod(), s.seamDescriptor());
      references[seam] = reference;
    }
    return reference;
  }

  /** The index of the reference to the gate between a site and its seam. */
  private int gate(int seam, int kind, int original) {
    String key = seam + " " + kind + " " + original;
    PlacedGate placed = gates.get(key);
    if (placed == null) {
      int at = pool.offsets[original];
      int nameAndType = pool.at(pool.u2(at + 3), ConstantPool.NAME_AND_TYPE);
      Gate gate =
          new Gate(
              "husk$" + gates.size(),
              gateType(seam, kind, original),
              table.seams[seam],
              kind,
              pool.classText(pool.u2(at + 1)),
              pool.text(pool.u2(nameAndType + 1)),
              pool.text(pool.u2(nameAndType + 3)),
              b[at] == ConstantPool.INTERFACE_METHOD);
      byte tag = isInterface() ? ConstantPool.INTERFACE_METHOD : ConstantPool.METHOD;
      placed = new PlacedGate(gate, append(tag, className, gate.name(), gate.descriptor()));
      gates.put(key, placed);
    }
    return placed.reference;
  }

  /** Takes what the site has, and gives what the seam gives. */
  private String gateType(int seam, int kind, int original) {
    String type = handleType(kind, original);
    String seamType = table.seams[seam].seamDescriptor();
    return type.substring(0, type.indexOf(')')) + seamType.substring(seamType.indexOf(')'));
  }

  private boolean isInterface() {
    return (pool.u2(pool.end) & ACC_INTERFACE) != 0;
  }

  /** Appends a method reference; returns its index. */
  private int append(byte tag, String ownerName, String memberName, String type) {
    Integer owner = appendedClasses.get(ownerName);
    if (owner == null) {
      owner = pool.appendClass(pool.appendUtf8(ownerName));
      appendedClasses.put(ownerName, owner);
    }
    int name = pool.appendUtf8(memberName);
    int descriptor = pool.appendUtf8(type);
    return pool.append(tag, owner, pool.append(ConstantPool.NAME_AND_TYPE, name, descriptor));
  }

  // Constructions.

  /** Opens the {@code new} at {@code pc}, if a seam may replace it; counts it then. */
  private boolean newOpened(int pc) {
    int type = pool.ids[pool.className(pool.u2(pc + 1))];
    if (type == 0 || !constructs(type)) {
      return false;
    }
    if (pool.u1(pc + 3) != Instructions.DUP) {
      givenUp.add(new GivenUp(type, "no dup follows the new"));
      return false;
    }
    if (!counting) {
      depth = 0;
    }
    open.add(new Open(pc, type, depth));
    counting = true;
    depth += 2;
    return true;
  }

  private boolean constructs(int type) {
    int[] seams = scan.seamsOfName[type];
    for (int i = 0; i < seams.length; i++) {
      if (table.seams[seams[i]].shape() == Seam.Shape.NEW) {
        return true;
      }
    }
    return false;
  }

  /** Closes an open {@code new}, if the {@code invokespecial} at {@code pc} is its constructor. */
  private boolean initClosed(int pc, int index) {
    Match match = matches[index];
    if (!counting) {
      if (match != null) {
        strayInit(match, index);
      }
      return false;
    }
    int reference = pool.offsets[index];
    int nameAndType = pool.at(pool.u2(reference + 3), ConstantPool.NAME_AND_TYPE);
    if (!pool.is(pool.u2(nameAndType + 1), "<init>")) {
      return false;
    }
    int type = pool.ids[pool.className(pool.u2(reference + 1))];
    Open last = open.get(open.size() - 1);
    int arguments = slots(nameAndType) / 4;
    if (type != last.type || depth - arguments != last.base + 2) {
      if (match != null) {
        strayInit(match, index);
      }
      return false;
    }
    open.remove(open.size() - 1);
    counting = !open.isEmpty();
    depth = last.base + 1;
    Match chosen = choose(match, true, true);
    if (chosen != null) {
      done.add(new Construction(last.at, pc, chosen.seam));
    }
    return true;
  }

  /**
   * A constructor call without an open {@code new}: of one that was given up, or super, or this.
   */
  private void strayInit(Match match, int index) {
    Match chosen = choose(match, true, true);
    if (chosen == null) {
      return;
    }
    int owner = pool.u2(pool.offsets[index] + 1);
    int type = pool.ids[pool.className(owner)];
    for (int i = givenUp.size() - 1; i >= 0; i--) {
      if (givenUp.get(i).type == type) {
        leave(chosen.seam, givenUp.get(i).why);
        givenUp.remove(i);
        return;
      }
    }
    int superclass = pool.u2(pool.end + 4);
    boolean own =
        pool.is(pool.className(owner), className)
            || superclass != 0 && pool.classText(superclass).equals(pool.classText(owner));
    if (!own || !methodText().equals("<init>")) {
      leave(chosen.seam, "its new is out of sight");
    }
  }

  /** Counts the operand stack over one instruction while a {@code new} is open. */
  private void count(int pc, int op) {
    if (Instructions.leavesTheLine(op)
        || op == Instructions.WIDE && pool.u1(pc + 1) == Instructions.RET) {
      giveUp(0, "its arguments branch");
      return;
    }
    int popped;
    int pushed;
    int effect = Instructions.effect(op == Instructions.WIDE ? pool.u1(pc + 1) : op);
    if (effect >= 0) {
      popped = effect >> 4;
      pushed = effect & 15;
    } else if (op == Instructions.MULTIANEWARRAY) {
      popped = pool.u1(pc + 3);
      pushed = 1;
    } else if (op >= Instructions.GETSTATIC && op <= Instructions.INVOKEDYNAMIC) {
      int reference = pool.offsets[pool.u2(pc + 1)];
      int nameAndType = pool.at(pool.u2(reference + 3), ConstantPool.NAME_AND_TYPE);
      if (op <= Instructions.PUTFIELD) {
        int descriptor = pool.at(pool.u2(nameAndType + 3), ConstantPool.UTF8);
        int size = Descriptors.size(b[descriptor + 3]);
        boolean put = op == Instructions.PUTSTATIC || op == Instructions.PUTFIELD;
        popped = (put ? size : 0) + (op >= Instructions.GETFIELD ? 1 : 0);
        pushed = put ? 0 : size;
      } else {
        int slots = slots(nameAndType);
        boolean receiver = op != Instructions.INVOKESTATIC && op != Instructions.INVOKEDYNAMIC;
        popped = slots / 4 + (receiver ? 1 : 0);
        pushed = slots % 4;
      }
    } else {
      throw new MalformedClassException("wide");
    }
    depth -= popped;
    for (int i = open.size() - 1; i >= 0 && depth < open.get(i).base + 2; i--) {
      giveUp(i, "it's used before its constructor has run");
    }
    depth += pushed;
  }

  private int slots(int nameAndType) {
    int descriptor = pool.at(pool.u2(nameAndType + 3), ConstantPool.UTF8);
    return Descriptors.slots(b, descriptor + 3, pool.u2(descriptor + 1));
  }

  /** Gives up the open {@code new}s from the {@code first} on. */
  private void giveUp(int first, String why) {
    while (open.size() > first) {
      givenUp.add(new GivenUp(open.remove(open.size() - 1).type, why));
    }
    counting = !open.isEmpty();
  }

  /** Rewrites the constructions of a method, but for those that something jumps into. */
  private void construct(int start, int end, int attributeEnd) {
    boolean[] entries = entries(start, end, attributeEnd);
    for (int i = 0; i < done.size(); i++) {
      Construction c = done.get(i);
      boolean entered = false;
      for (int at = c.newAt + 1; at <= c.initAt && !entered; at++) {
        entered = entries[at - start];
      }
      if (entered) {
        leave(c.seam, "a jump or a handler leads into its arguments");
        continue;
      }
      byte[] out = out();
      out[c.newAt] = 0;
      out[c.newAt + 1] = 0;
      out[c.newAt + 2] = 0;
      out[c.newAt + 3] = 0;
      patch(out, c.initAt, target(c.seam, HANDLE_NEW, pool.u2(c.initAt + 1)));
      reports.add(new Report(methodText(), c.seam, null));
    }
  }

  /** Where control or a stack map may meet the code other than from the instruction before. */
  private boolean[] entries(int start, int end, int attributeEnd) {
    boolean[] entries = new boolean[end - start];
    for (int pc = start; pc < end; pc += Instructions.size(pool, start, pc)) {
      int op = b[pc] & 255;
      if (op == Instructions.TABLESWITCH || op == Instructions.LOOKUPSWITCH) {
        int step = op == Instructions.TABLESWITCH ? 4 : 8;
        int operands = pc + 1 + (3 - (pc - start) & 3);
        int next = pc + Instructions.size(pool, start, pc);
        entries[pc - start + pool.s4(operands)] = true;
        for (int at = operands + 12; at < next; at += step) {
          entries[pc - start + pool.s4(at)] = true;
        }
      } else if (op == Instructions.GOTO_W || op == Instructions.JSR_W) {
        entries[pc - start + pool.s4(pc + 1)] = true;
      } else if (Instructions.leavesTheLine(op) && Instructions.SIZES[op] == 3) {
        entries[pc - start + pool.s2(pc + 1)] = true;
      }
    }
    int at = end;
    int handlers = pool.u2(at);
    at += 2;
    for (int i = 0; i < handlers; i++, at += 8) {
      entries[pool.u2(at + 4)] = true;
    }
    int attributes = pool.u2(at);
    at += 2;
    for (int i = 0; i < attributes; i++) {
      int next = Inheritance.skipAttribute(pool, at);
      if (pool.is(pool.u2(at), "StackMapTable")) {
        frames(at + 6, entries);
      }
      at = next;
    }
    if (at != attributeEnd) {
      throw new MalformedClassException("code attribute");
    }
    return entries;
  }

  private void frames(int at, boolean[] entries) {
    int count = pool.u2(at);
    at += 2;
    int offset = -1;
    for (int i = 0; i < count; i++) {
      int type = pool.u1(at++);
      int delta;
      int types = 0;
      if (type < 128) {
        delta = type & 63;
        types = type >> 6;
      } else if (type < 247) {
        throw new MalformedClassException("stack map frame");
      } else {
        delta = pool.u2(at);
        at += 2;
        if (type == 247) {
          types = 1;
        } else if (type > 251 && type < 255) {
          types = type - 251;
        }
      }
      if (type == 255) {
        at = types(at + 2, pool.u2(at));
        at = types(at + 2, pool.u2(at));
      } else {
        at = types(at, types);
      }
      offset += delta + 1;
      entries[offset] = true;
    }
  }

  private int types(int at, int count) {
    for (int i = 0; i < count; i++) {
      int tag = pool.u1(at);
      // Object and uninitialized have an operand.
      at += tag == 7 || tag == 8 ? 3 : 1;
    }
    return at;
  }

  // Method handles.

  private void handles(int classAttributes) {
    int bootstraps = -1;
    methodText = "";
    for (int i = 1; i < pool.offsets.length; i++) {
      int at = pool.offsets[i];
      if (b[at] != ConstantPool.METHOD_HANDLE) {
        continue;
      }
      int kind = pool.u1(at + 1);
      int reference = pool.u2(at + 2);
      Match first = matches[reference];
      // Putters; the rest is a site.
      if (first == null || kind == 3 || kind == 4) {
        continue;
      }
      boolean isNew = kind == HANDLE_NEW;
      boolean isStatic = isNew || kind == HANDLE_GET_STATIC || kind == HANDLE_INVOKE_STATIC;
      Match match = choose(first, isStatic, isNew);
      if (match == null) {
        continue;
      }
      if (bootstraps < 0) {
        bootstraps = bootstrapMethods(classAttributes);
      }
      handle(i, at, kind, reference, match, bootstraps);
    }
  }

  private void handle(int handle, int at, int kind, int reference, Match match, int bootstraps) {
    if (match.unsure()) {
      leave(match.seam, "it's unknown whether the method handle means the seam's target");
      return;
    }
    if (table.except[match.seam].namesMethodOf(className)) {
      leave(match.seam, "a method handle is the whole class's, of which a method is excepted");
      return;
    }
    // A lambda that is serialized carries the name of its method, and is read back by that name.
    if (lambdas(bootstraps, handle, true, 0) > 0) {
      leave(match.seam, "the method handle belongs to a serializable lambda");
      return;
    }
    String type =
        gates == null
            ? table.seams[match.seam].seamDescriptor()
            : gateType(match.seam, kind, reference);
    if (handleType(kind, reference).equals(type)) {
      byte[] out = out();
      int seam = target(match.seam, kind, reference);
      out[at + 1] = HANDLE_INVOKE_STATIC;
      out[at + 2] = (byte) (seam >> 8);
      out[at + 3] = (byte) seam;
      reports.add(new Report("", match.seam, null));
      return;
    }
    // The seam's handle has another type, which the factory of lambdas adapts, and nobody else.
    if (lambdas(bootstraps, handle, false, 0) == 0) {
      leave(match.seam, "the method handle's type would change");
      return;
    }
    int instead = pool.appendHandle(HANDLE_INVOKE_STATIC, target(match.seam, kind, reference));
    lambdas(bootstraps, handle, false, instead);
    reports.add(new Report("", match.seam, null));
  }

  /** The type of a method handle, as a descriptor. */
  private String handleType(int kind, int reference) {
    int at = pool.offsets[reference];
    String owner =
        // super.m() is called on one of this class.
        "L" + (kind == HANDLE_INVOKE_SPECIAL ? className : pool.classText(pool.u2(at + 1))) + ";";
    int nameAndType = pool.at(pool.u2(at + 3), ConstantPool.NAME_AND_TYPE);
    String descriptor = pool.text(pool.u2(nameAndType + 3));
    switch (kind) {
      case HANDLE_GET_FIELD:
        return "(" + owner + ")" + descriptor;
      case HANDLE_GET_STATIC:
        return "()" + descriptor;
      case HANDLE_INVOKE_STATIC:
        return descriptor;
      case HANDLE_NEW:
        return descriptor.substring(0, descriptor.length() - 1) + owner;
      default:
        return "(" + owner + descriptor.substring(1);
    }
  }

  /** Where the table of bootstrap methods is, or 0. */
  private int bootstrapMethods(int at) {
    int attributes = pool.u2(at);
    at += 2;
    for (int i = 0; i < attributes; i++) {
      int end = Inheritance.skipAttribute(pool, at);
      if (pool.is(pool.u2(at), "BootstrapMethods")) {
        return at + 6;
      }
      at = end;
    }
    return 0;
  }

  /**
   * Counts the lambdas whose method is {@code handle}, all or only those that can be serialized;
   * gives them another method unless {@code instead} is 0.
   */
  private int lambdas(int bootstraps, int handle, boolean serializable, int instead) {
    if (bootstraps == 0) {
      return 0;
    }
    int found = 0;
    int at = bootstraps + 2;
    for (int count = pool.u2(bootstraps); count > 0; count--) {
      int arguments = pool.u2(at + 2);
      if (arguments >= 3
          && pool.u2(at + 6) == handle
          && isLambdaFactory(pool.u2(at))
          && (!serializable || arguments > 3 && isSerializable(pool.u2(at + 10)))) {
        found++;
        if (instead != 0) {
          byte[] out = out();
          out[at + 6] = (byte) (instead >> 8);
          out[at + 7] = (byte) instead;
        }
      }
      at += 4 + 2 * arguments;
    }
    return found;
  }

  private boolean isLambdaFactory(int handle) {
    int reference = pool.offsets[pool.u2(pool.at(handle, ConstantPool.METHOD_HANDLE) + 2)];
    return pool.is(pool.className(pool.u2(reference + 1)), LAMBDA_FACTORY);
  }

  private boolean isSerializable(int flags) {
    return (pool.s4(pool.at(flags, ConstantPool.INTEGER) + 1) & FLAG_SERIALIZABLE) != 0;
  }
}

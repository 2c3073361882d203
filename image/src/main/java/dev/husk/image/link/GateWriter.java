package dev.husk.image.link;

import dev.husk.rewriter.Gate;
import dev.husk.rewriter.Linked;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Adds to a class the gates between its sites and the seams:
 *
 * <pre>
 *   private static R husk$0(args) {
 *     return Switches.threads ? Seams.seam(args) : original(args);
 *   }
 * </pre>
 *
 * So a JDK with seams in it starts as the JDK does, and an option that leaves a group off, or a JVM
 * that Husk can't serve, leaves it as it was.
 */
final class GateWriter {
  private static final String SWITCHES = "dev/husk/runtime/seam/Switches";

  /**
   * This group has no switch: management and recordings may begin before Husk starts, and its seams
   * remember that.
   */
  private static final String ALWAYS = "tools";

  private static final String FORCE_INLINE = "Ljdk/internal/vm/annotation/ForceInline;";

  /** Keeps a frame out of the app's stack traces. */
  static final String HIDDEN = "Ljdk/internal/vm/annotation/Hidden;";

  // Kinds of method handles, see Gate.
  private static final int GET_FIELD = 1;
  private static final int GET_STATIC = 2;
  private static final int INVOKE_VIRTUAL = 5;
  private static final int INVOKE_STATIC = 6;
  private static final int INVOKE_SPECIAL = 7;
  private static final int NEW = 8;

  private GateWriter() {}

  /** The class file with its gates. */
  static byte[] complete(Linked linked) {
    if (linked.gates().isEmpty()) {
      return linked.classFile();
    }
    ClassReader reader = new ClassReader(linked.classFile());
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visitEnd() {
            for (Gate gate : linked.gates()) {
              write(gate, writer);
            }
            super.visitEnd();
          }
        },
        0);
    return writer.toByteArray();
  }

  private static void write(Gate gate, ClassWriter writer) {
    MethodVisitor method =
        writer.visitMethod(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
            gate.name(),
            gate.descriptor(),
            null,
            null);
    method.visitAnnotation(FORCE_INLINE, true).visitEnd();
    method.visitAnnotation(HIDDEN, true).visitEnd();
    method.visitCode();
    Type[] parameters = Type.getArgumentTypes(gate.descriptor());
    Type result = Type.getReturnType(gate.descriptor());
    Label original = new Label();
    boolean switched = !gate.seam().group().equals(ALWAYS);
    if (switched) {
      method.visitFieldInsn(Opcodes.GETSTATIC, SWITCHES, gate.seam().group(), "Z");
      method.visitJumpInsn(Opcodes.IFEQ, original);
    }
    int slots = load(method, parameters);
    method.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        gate.seam().seamClass(),
        gate.seam().seamMethod(),
        gate.seam().seamDescriptor(),
        false);
    method.visitInsn(result.getOpcode(Opcodes.IRETURN));
    if (switched) {
      method.visitLabel(original);
      method.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
      if (gate.kind() == NEW) {
        method.visitTypeInsn(Opcodes.NEW, gate.owner());
        method.visitInsn(Opcodes.DUP);
      }
      load(method, parameters);
      original(gate, method);
      method.visitInsn(result.getOpcode(Opcodes.IRETURN));
    }
    // What stands on the stack at most: the arguments, below them a new object, or the result.
    method.visitMaxs(Math.max(slots + (gate.kind() == NEW ? 2 : 0), 2), slots);
    method.visitEnd();
  }

  /** Loads all arguments; returns how many slots they take. */
  private static int load(MethodVisitor method, Type[] parameters) {
    int slot = 0;
    for (Type parameter : parameters) {
      method.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), slot);
      slot += parameter.getSize();
    }
    return slot;
  }

  private static void original(Gate gate, MethodVisitor method) {
    switch (gate.kind()) {
      case GET_FIELD ->
          method.visitFieldInsn(
              Opcodes.GETFIELD, gate.owner(), gate.member(), gate.memberDescriptor());
      case GET_STATIC ->
          method.visitFieldInsn(
              Opcodes.GETSTATIC, gate.owner(), gate.member(), gate.memberDescriptor());
      default ->
          method.visitMethodInsn(
              switch (gate.kind()) {
                case INVOKE_VIRTUAL -> Opcodes.INVOKEVIRTUAL;
                case INVOKE_STATIC -> Opcodes.INVOKESTATIC;
                case INVOKE_SPECIAL, NEW -> Opcodes.INVOKESPECIAL;
                default -> Opcodes.INVOKEINTERFACE;
              },
              gate.owner(),
              gate.member(),
              gate.memberDescriptor(),
              gate.ownerIsInterface());
    }
  }
}

package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.BIPUSH;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.GETFIELD;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.IFGT;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.JSR;
import static org.objectweb.asm.Opcodes.NEW;
import static org.objectweb.asm.Opcodes.RET;

import java.lang.classfile.ClassFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Classes that the compiler of today doesn't make. */
final class OddClassesTest {

  private static final String T = "Lapp/Target;";

  private static final Seam[] ALL = {
    Seams.call("app/Target.twice", "app/Served.twice", "(I)I", "APP"),
    Seams.call("app/Target.plus", "app/Served.plus", "(" + T + "IJ)J", "APP"),
    Seams.call("app/Doer.go", "app/Served.go", "(Lapp/Doer;I)I", "APP"),
    Seams.read("app/Target.value", "app/Served.value", "(" + T + ")I", "APP"),
    Seams.construct("app/Target", "app/Served.create", "(I)" + T, "APP"),
  };

  private final Rewriting app = new Rewriting(ALL);

  /** A loop, all shapes of sites and, where the version has it, a subroutine. */
  private static byte[] old(int version, boolean subroutine) {
    ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    cw.visit(version, ACC_PUBLIC, "app/Generated", null, "java/lang/Object", null);
    MethodVisitor mv = cw.visitMethod(ACC_PUBLIC | ACC_STATIC, "run", "()I", null, null);
    mv.visitCode();
    Label loop = new Label();
    Label sub = new Label();
    mv.visitIntInsn(BIPUSH, 3);
    mv.visitVarInsn(ISTORE, 0);
    mv.visitInsn(ICONST_0);
    mv.visitVarInsn(ISTORE, 1);
    mv.visitLabel(loop);
    mv.visitTypeInsn(NEW, "app/Target");
    mv.visitInsn(DUP);
    mv.visitVarInsn(ILOAD, 0);
    mv.visitMethodInsn(INVOKESTATIC, "app/Target", "twice", "(I)I", false);
    mv.visitMethodInsn(INVOKESPECIAL, "app/Target", "<init>", "(I)V", false);
    mv.visitInsn(DUP);
    mv.visitFieldInsn(GETFIELD, "app/Target", "value", "I");
    mv.visitVarInsn(ILOAD, 1);
    mv.visitInsn(IADD);
    mv.visitVarInsn(ISTORE, 1);
    mv.visitInsn(ICONST_1);
    mv.visitMethodInsn(INVOKEINTERFACE, "app/Doer", "go", "(I)I", true);
    mv.visitVarInsn(ILOAD, 1);
    mv.visitInsn(IADD);
    mv.visitVarInsn(ISTORE, 1);
    if (subroutine) {
      mv.visitJumpInsn(JSR, sub);
    }
    mv.visitIincInsn(0, -1);
    mv.visitVarInsn(ILOAD, 0);
    mv.visitJumpInsn(IFGT, loop);
    mv.visitVarInsn(ILOAD, 1);
    mv.visitInsn(IRETURN);
    if (subroutine) {
      mv.visitLabel(sub);
      mv.visitVarInsn(ASTORE, 2);
      mv.visitVarInsn(ILOAD, 1);
      mv.visitIntInsn(BIPUSH, 50);
      mv.visitMethodInsn(INVOKESTATIC, "app/Target", "twice", "(I)I", false);
      mv.visitInsn(IADD);
      mv.visitVarInsn(ISTORE, 1);
      mv.visitVarInsn(RET, 2);
    }
    mv.visitMaxs(0, 0);
    mv.visitEnd();
    cw.visitEnd();
    return cw.toByteArray();
  }

  private static int expected(boolean subroutine) {
    int sum = 0;
    for (int i = 3; i > 0; i--) {
      app.Target t = new app.Target(2 * i); // Both seams negate.
      sum += -t.value - (t.value + 1) - (subroutine ? 100 : 0);
    }
    return sum;
  }

  @Test
  void classesWithoutStackMapsRunRewritten() throws Exception {
    for (int version : new int[] {Opcodes.V1_1, Opcodes.V1_4, Opcodes.V1_5}) {
      Rewriting loader = new Rewriting(ALL).add("app/Generated", old(version, false));
      assertEquals(expected(false), loader.call("app.Generated", "run"));
      assertEquals(4, loader.rewritten.size());
    }
  }

  @Test
  void classesWithSubroutinesRunRewritten() throws Exception {
    app.add("app/Generated", old(Opcodes.V1_4, true));
    assertEquals(expected(true), app.call("app.Generated", "run"));
    assertEquals(5, app.rewritten.size());
    assertEquals(List.of(), app.left);
  }

  @Test
  void aMethodNear64KilobytesWithThousandsOfSitesRunsRewritten() throws Exception {
    ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    cw.visit(Opcodes.V25, ACC_PUBLIC, "app/Generated", null, "java/lang/Object", null);
    MethodVisitor mv = cw.visitMethod(ACC_PUBLIC | ACC_STATIC, "run", "()I", null, null);
    mv.visitCode();
    mv.visitInsn(ICONST_0);
    int sites = 0;
    // 14 bytes a time.
    for (int i = 0; i < 4680; i++) {
      mv.visitTypeInsn(NEW, "app/Target");
      mv.visitInsn(DUP);
      mv.visitInsn(ICONST_1);
      mv.visitMethodInsn(INVOKESPECIAL, "app/Target", "<init>", "(I)V", false);
      mv.visitFieldInsn(GETFIELD, "app/Target", "value", "I");
      mv.visitInsn(IADD);
      mv.visitInsn(Opcodes.NOP);
      mv.visitInsn(Opcodes.NOP);
      sites += 2;
    }
    mv.visitInsn(IRETURN);
    mv.visitMaxs(0, 0);
    mv.visitEnd();
    cw.visitEnd();
    byte[] file = cw.toByteArray();
    assertTrue(file.length > 65_500);
    app.add("app/Generated", file);
    // Both seams negate.
    assertEquals(4680, app.call("app.Generated", "run"));
    assertEquals(sites, app.rewritten.size());
  }

  @Test
  void aFullConstantPoolLeavesTheClassAloneWithAReason() {
    ClassWriter cw = new ClassWriter(new ClassReader(old(Opcodes.V1_4, false)), 0);
    cw.visit(Opcodes.V1_4, ACC_PUBLIC, "app/Generated", null, "java/lang/Object", null);
    new ClassReader(old(Opcodes.V1_4, false)).accept(cw, 0);
    for (int i = 0; cw.newConst(1_000_000 + i) < 65_533; i++) {}
    byte[] file = cw.toByteArray();
    assertNull(app.rewrite("app/Generated", file));
    assertEquals(List.of(), app.rewritten);
    assertTrue(app.left.get(0).contains("constant pool is full"), app.left.get(0));
  }

  /** An attribute that nobody here knows, as other agents leave them. */
  private static final class Foreign extends Attribute {
    private final int bytes;

    Foreign(int bytes) {
      super("dev.other.agent.Seen");
      this.bytes = bytes;
    }

    @Override
    protected ByteVector write(
        ClassWriter cw, byte[] code, int codeLength, int maxStack, int maxLocals) {
      ByteVector v = new ByteVector();
      for (int i = 0; i < bytes; i++) {
        v.putByte(i);
      }
      return v;
    }
  }

  /** What another agent may do: adds calls and its own attributes at each level. */
  private static byte[] otherAgent(byte[] file) {
    ClassReader reader = new ClassReader(file);
    ClassWriter cw = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, cw) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor mv = super.visitMethod(access, name, descriptor, signature, exceptions);
            mv.visitAttribute(new Foreign(3));
            return new MethodVisitor(Opcodes.ASM9, mv) {
              @Override
              public void visitCode() {
                super.visitCode();
                super.visitMethodInsn(INVOKESTATIC, "app/Doer", "start", "()I", true);
                super.visitInsn(Opcodes.POP);
              }

              @Override
              public void visitMaxs(int maxStack, int maxLocals) {
                super.visitAttribute(new Foreign(5));
                super.visitMaxs(maxStack + 1, maxLocals);
              }
            };
          }

          @Override
          public void visitEnd() {
            super.visitAttribute(new Foreign(70_000));
            super.visitEnd();
          }
        },
        0);
    return cw.toByteArray();
  }

  @Test
  void aClassOfAnotherAgentKeepsAllThatTheAgentAdded() throws Exception {
    byte[] theirs = otherAgent(Rewriting.read("app/Calls"));
    byte[] ours = app.rewrite("app/Calls", theirs);
    assertNotNull(ours);
    // Behind the constant pool only instructions differ, and each by its own bytes.
    int tail = theirs.length - new ConstantPoolEnd(theirs).end;
    int differing = 0;
    for (int i = 1; i <= tail; i++) {
      differing += theirs[theirs.length - i] == ours[ours.length - i] ? 0 : 1;
    }
    assertTrue(differing <= 7 * app.rewritten.size(), differing + " bytes differ");
    assertEquals(-8, new Rewriting(ALL).add("app/Calls", theirs).call("app.Calls", "staticCall"));
  }

  @Test
  void theOtherAgentMayComeAfterwards() throws Exception {
    byte[] ours = app.rewrite("app/Calls");
    byte[] theirs = otherAgent(ours);
    assertNull(app.rewrite("app/Calls", theirs));
    app.add("app/Calls", theirs);
    assertEquals(-8, app.call("app.Calls", "staticCall"));
    // Constructed by a seam that negates, added by another.
    assertEquals(-25L, app.call("app.Calls", "virtualCall"));
  }

  private record ConstantPoolEnd(int end) {
    ConstantPoolEnd(byte[] file) {
      this(ConstantPool.of(file).end);
    }
  }

  @Test
  void classFilesNewerThanAnyToolKnowsAreRewrittenAllTheSame() {
    byte[] file = Rewriting.read("app/Calls");
    file[7] = (byte) (Opcodes.V25 + 50);
    byte[] out = app.rewrite("app/Calls", file);
    assertNotNull(out);
    out[7] = (byte) Opcodes.V25;
    assertArrayEquals(new Rewriting(ALL).rewrite("app/Calls"), out);
  }

  @Test
  void theResultIsAClassFileForOthersToo() {
    for (String name : List.of("app/Calls", "app/Constructions", "app/Handles", "app/AppDoer")) {
      byte[] out = app.rewrite(name);
      assertNotNull(out);
      assertEquals(List.of(), ClassFile.of().verify(out), name);
    }
  }

  @Test
  void codeThatEndsInDeadInstructionsIsRewritten() throws Exception {
    // Before stack maps the verifier didn't look at code that is never reached.
    ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    cw.visit(Opcodes.V1_4, ACC_PUBLIC, "app/Generated", null, "java/lang/Object", null);
    MethodVisitor mv = cw.visitMethod(ACC_PUBLIC | ACC_STATIC, "run", "()I", null, null);
    mv.visitCode();
    mv.visitIntInsn(BIPUSH, 5);
    mv.visitMethodInsn(INVOKESTATIC, "app/Target", "twice", "(I)I", false);
    mv.visitInsn(IRETURN);
    mv.visitInsn(Opcodes.NOP);
    mv.visitIntInsn(BIPUSH, 1);
    mv.visitMaxs(0, 0);
    mv.visitEnd();
    cw.visitEnd();
    app.add("app/Generated", cw.toByteArray());
    assertEquals(List.of(), app.failures);
    assertEquals(1, app.rewritten.size());
  }
}

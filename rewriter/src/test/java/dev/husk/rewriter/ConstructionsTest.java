package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.DUP_X1;
import static org.objectweb.asm.Opcodes.GETFIELD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.ICONST_2;
import static org.objectweb.asm.Opcodes.ICONST_3;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.NEW;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.SWAP;
import static org.objectweb.asm.Opcodes.V25;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** {@code new} expressions, run after rewriting. */
final class ConstructionsTest {

  private static final String T = "Lapp/Target;";

  private static final Seam[] ALL = {
    Seams.construct("app/Target", "app/Served.create", "()" + T, "APP"),
    Seams.construct("app/Target", "app/Served.create", "(I)" + T, "APP"),
    Seams.construct(
        "app/Target", "app/Served.create", "(JLjava/lang/String;D" + T + ")" + T, "APP"),
  };

  private final Rewriting app = new Rewriting(ALL);

  private Object call(String method, Object... arguments) throws Exception {
    return app.call("app.Constructions", method, arguments);
  }

  @Test
  void newBecomesACallOfTheFactory() throws Exception {
    assertEquals(-2, call("plain"));
    assertEquals(9, call("dropped"));
  }

  @Test
  void argumentsOfTwoSlotsAndNestedNewAreCounted() throws Exception {
    assertEquals("Target" + (5 + 2 + 2 - 1000), call("wide"));
    assertEquals("Target" + (1 + "xTarget-3".length() + 1 - 1000), call("nested"));
    assertTrue(app.left.stream().noneMatch(l -> l.contains(".nested:")), app.left.toString());
    assertEquals(4, app.rewritten.stream().filter(r -> r.contains(".nested:")).count());
  }

  @Test
  void argumentsMayBeComputed() throws Exception {
    assertEquals(-81, call("computed"));
  }

  @Test
  void callsOfSuperAndThisStay() throws Exception {
    // Its own value comes through super(5), the inner one from the factory.
    assertEquals("Target-6 in 5", call("fromAConstructor"));
    assertTrue(app.left.stream().noneMatch(l -> l.contains("<init>")), app.left.toString());
  }

  @Test
  void anArgumentThatBranchesIsLeftAloneWithAReason() throws Exception {
    assertEquals(1, call("branching", true));
    assertEquals(2, call("branching", false));
    assertTrue(
        app.left.contains("app/Constructions.branching: new app.Target: its arguments branch"),
        app.left.toString());
  }

  @Test
  void aSiteBesideOneThatIsLeftAloneIsRewritten() throws Exception {
    assertEquals(1 - 5, call("branchBeside", true));
  }

  @Test
  void newInsideBranchesAndTryBlocksIsRewritten() throws Exception {
    assertEquals(-10, call("inBranches", true));
    assertEquals(-20, call("inBranches", false));
    assertEquals(-12, call("inATry", "12"));
    assertEquals(-99, call("inATry", "twelve"));
    assertEquals(-3, call("inATernary", true));
    assertEquals(-4, call("inATernary", false));
  }

  @Test
  void aTypeWhoseConstructorIsAlsoTheSuperConstructorIsTold() throws Exception {
    Rewriting objects =
        new Rewriting(
            Seams.construct(
                "java/lang/Object", "app/Served.createObject", "()Ljava/lang/Object;", "APP"));
    assertEquals("an object", objects.call("app.Constructions", "plainObject"));
    // Its <init> calls Object.<init>, as super().
    assertNull(objects.rewrite("app/Calls"));
    assertEquals(List.of(), objects.left);
  }

  @Test
  void aNewWithoutDupIsLeftAlone() throws Exception {
    generated(
        mv -> {
          mv.visitTypeInsn(NEW, "app/Target");
          mv.visitInsn(ICONST_2);
          mv.visitMethodInsn(INVOKESPECIAL, "app/Target", "<init>", "(I)V", false);
          mv.visitInsn(ICONST_1);
          mv.visitInsn(IRETURN);
        },
        1,
        "no dup");
  }

  @Test
  void aNewObjectThatIsMovedBeforeItsConstructorRunsIsLeftAlone() throws Exception {
    generated(
        mv -> {
          // As compilers of other languages do: the arguments are there before the object.
          mv.visitInsn(ICONST_2);
          mv.visitTypeInsn(NEW, "app/Target");
          mv.visitInsn(DUP);
          mv.visitVarInsn(ASTORE, 0);
          mv.visitVarInsn(ASTORE, 1);
          mv.visitVarInsn(Opcodes.ALOAD, 0);
          mv.visitInsn(SWAP);
          mv.visitMethodInsn(INVOKESPECIAL, "app/Target", "<init>", "(I)V", false);
          mv.visitInsn(ICONST_1);
          mv.visitInsn(IRETURN);
        },
        1,
        "used before");
    generated(
        mv -> {
          mv.visitInsn(ICONST_2);
          mv.visitTypeInsn(NEW, "app/Target");
          mv.visitInsn(DUP_X1);
          mv.visitInsn(SWAP);
          mv.visitMethodInsn(INVOKESPECIAL, "app/Target", "<init>", "(I)V", false);
          mv.visitFieldInsn(GETFIELD, "app/Target", "value", "I");
          mv.visitInsn(IRETURN);
        },
        2,
        "no dup");
  }

  @Test
  void aNewWhoseArgumentsSomethingJumpsIntoIsLeftAlone() throws Exception {
    generated(
        mv -> {
          // A frame there is enough: it says that the uninitialized objects are on the stack.
          Label start = new Label();
          mv.visitLabel(start);
          mv.visitTypeInsn(NEW, "app/Target");
          mv.visitInsn(DUP);
          mv.visitInsn(ICONST_3);
          Object[] stack = {start, start, Opcodes.INTEGER};
          mv.visitFrame(Opcodes.F_NEW, 0, null, 3, stack);
          mv.visitMethodInsn(INVOKESPECIAL, "app/Target", "<init>", "(I)V", false);
          mv.visitFieldInsn(GETFIELD, "app/Target", "value", "I");
          mv.visitInsn(IRETURN);
        },
        3,
        "leads into");
  }

  @Test
  void anOpenNewInDeadCodeHarmsNothing() throws Exception {
    byte[] file =
        method(
            mv -> {
              Label end = new Label();
              mv.visitTypeInsn(NEW, "app/Target");
              mv.visitInsn(DUP);
              mv.visitInsn(POP);
              mv.visitInsn(POP);
              mv.visitJumpInsn(GOTO, end);
              mv.visitLabel(end);
              mv.visitFrame(Opcodes.F_NEW, 0, null, 0, null);
              mv.visitTypeInsn(NEW, "app/Target");
              mv.visitInsn(DUP);
              mv.visitMethodInsn(INVOKESTATIC, "app/Calls", "staticCall", "()I", false);
              mv.visitMethodInsn(INVOKESPECIAL, "app/Target", "<init>", "(I)V", false);
              mv.visitFieldInsn(GETFIELD, "app/Target", "value", "I");
              mv.visitInsn(IRETURN);
            });
    assertEquals(-8, app.add("app/Generated", file).call("app.Generated", "run"));
  }

  private void generated(Consumer<MethodVisitor> code, int expected, String why) throws Exception {
    Rewriting loader = new Rewriting(ALL);
    byte[] file = method(code);
    assertNull(loader.rewrite("app/Generated", file));
    assertEquals(List.of(), loader.failures);
    assertEquals(1, loader.left.size());
    assertTrue(loader.left.get(0).contains(why), loader.left.get(0));
    assertEquals(expected, loader.add("app/Generated", file).call("app.Generated", "run"));
  }

  private static byte[] method(Consumer<MethodVisitor> code) {
    ClassWriter cw = new ClassWriter(0);
    cw.visit(V25, ACC_PUBLIC, "app/Generated", null, "java/lang/Object", null);
    MethodVisitor mv = cw.visitMethod(ACC_PUBLIC | ACC_STATIC, "run", "()I", null, null);
    mv.visitCode();
    code.accept(mv);
    mv.visitMaxs(5, 2);
    mv.visitEnd();
    cw.visitEnd();
    return cw.toByteArray();
  }
}

package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.H_GETFIELD;
import static org.objectweb.asm.Opcodes.H_GETSTATIC;
import static org.objectweb.asm.Opcodes.H_INVOKESTATIC;
import static org.objectweb.asm.Opcodes.H_INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.H_NEWINVOKESPECIAL;
import static org.objectweb.asm.Opcodes.H_PUTSTATIC;
import static org.objectweb.asm.Opcodes.V25;

import java.lang.invoke.MethodHandle;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;

/** Method handles in constant pools: method references, ldc, arguments of dynamic constants. */
final class HandlesTest {

  private static final String T = "Lapp/Target;";
  private static final Seam CURRENT =
      Seams.call("app/Target.current", "app/Served.current", "()" + T, "APP");
  private static final Seam GO =
      Seams.call("app/Target.go", "app/Served.goOfTarget", "(" + T + "I)I", "APP");
  private static final Seam CREATE =
      Seams.construct("app/Target", "app/Served.create", "(I)" + T, "APP");
  private static final Seam PLUS_OF_ANYTHING =
      Seams.seam(
          Seam.Shape.CALL,
          "app/Target.plus",
          "(IJ)J",
          "app/Served.plusOfAnything",
          "(Ljava/lang/Object;IJ)J",
          "APP");

  @Test
  void aMethodReferenceCallsTheSeam() throws Exception {
    // The same reference, serializable, keeps the handle: see below. So this class is generated.
    Handle current = new Handle(H_INVOKESTATIC, "app/Target", "current", "()" + T, false);
    Rewriting app = new Rewriting(CURRENT).add("app/Generated", supplier(current));
    assertEquals("Target-3", app.call("app.Generated", "run").toString());
    assertEquals(List.of("app/Generated.: app.Target.current"), app.rewritten);
  }

  @Test
  void aReferenceThroughASubclassCallsTheSeam() throws Exception {
    Handle current = new Handle(H_INVOKESTATIC, "app/Sub", "current", "()" + T, false);
    Rewriting app = new Rewriting(CURRENT).add("app/Generated", supplier(current));
    assertEquals("Target-3", app.call("app.Generated", "run").toString());
  }

  @Test
  void boundAndUnboundAndConstructorReferencesCallTheSeam() throws Exception {
    Rewriting app = new Rewriting(GO, CREATE);
    assertEquals(-100 + 7 - 1, app.call("app.Handles", "boundReference"));
    assertEquals(-100 + 7 - 1, app.call("app.Handles", "unboundReference"));
    assertEquals(-4, app.call("app.Handles", "constructorReference"));
  }

  @Test
  void aSerializableMethodReferenceIsLeftAloneAndCanBeReadBack() throws Exception {
    Rewriting app = new Rewriting(CURRENT);
    assertEquals("Target3", app.call("app.Handles", "serializable"));
    assertTrue(app.left.stream().anyMatch(l -> l.contains("serializable")), app.left.toString());
  }

  @Test
  void aLoadedMethodHandleIsTheSeams() throws Throwable {
    MethodHandle handle =
        load(new Handle(H_INVOKESTATIC, "app/Target", "current", "()" + T, false), CURRENT);
    assertEquals("Target-3", handle.invoke().toString());
    handle = load(new Handle(H_INVOKEVIRTUAL, "app/Target", "go", "(I)I", false), GO);
    assertEquals(-105, (int) handle.invokeExact(new app.Target(2), 3));
    handle = load(new Handle(H_NEWINVOKESPECIAL, "app/Target", "<init>", "(I)V", false), CREATE);
    assertEquals(-6, ((app.Target) handle.invokeExact(6)).value);
  }

  @Test
  void aLoadedFieldHandleIsTheSeams() throws Throwable {
    MethodHandle handle =
        load(
            new Handle(H_GETSTATIC, "app/Target", "name", "Ljava/lang/String;", false),
            Seams.read("app/Target.name", "app/Served.name", "()Ljava/lang/String;", "APP"));
    assertEquals("served", (String) handle.invokeExact());
    handle =
        load(
            new Handle(H_GETFIELD, "app/Target", "value", "I", false),
            Seams.read("app/Target.value", "app/Served.value", "(" + T + ")I", "APP"));
    assertEquals(-8, (int) handle.invokeExact(new app.Target(8)));
  }

  @Test
  void aHandleThatWritesAFieldStays() {
    Rewriting app =
        new Rewriting(
            Seams.read("app/Target.name", "app/Served.name", "()Ljava/lang/String;", "APP"));
    Handle put = new Handle(H_PUTSTATIC, "app/Target", "name", "Ljava/lang/String;", false);
    assertNull(app.rewrite("app/Generated", constant(put)));
    assertEquals(List.of(), app.left);
  }

  @Test
  void aHandleWhoseTypeWouldChangeIsLeftAloneUnlessALambdaAdaptsIt() throws Exception {
    Handle plus = new Handle(H_INVOKEVIRTUAL, "app/Target", "plus", "(IJ)J", false);
    Rewriting app = new Rewriting(PLUS_OF_ANYTHING);
    assertNull(app.rewrite("app/Generated", constant(plus)));
    assertTrue(app.left.get(0).contains("type would change"), app.left.toString());

    ClassWriter cw = start();
    MethodVisitor mv = run(cw);
    String type = "(" + T + "IJ)J";
    mv.visitInvokeDynamicInsn(
        "go",
        "()Ldev/husk/rewriter/HandlesTest$Plus;",
        metafactory(),
        org.objectweb.asm.Type.getMethodType(type),
        plus,
        org.objectweb.asm.Type.getMethodType(type));
    end(cw, mv);
    app.add("app/Generated", cw.toByteArray());
    Plus lambda = (Plus) app.call("app.Generated", "run");
    assertEquals(-9, lambda.go(new app.Target(9), 1, 1L));
  }

  /** Takes what {@code Target.plus} takes. */
  public interface Plus {
    long go(app.Target target, int n, long more);
  }

  @Test
  void argumentsOfDynamicConstantsAreSites() throws Exception {
    ConstantDynamic dynamic =
        new ConstantDynamic(
            "x",
            T,
            new Handle(
                H_INVOKESTATIC,
                "java/lang/invoke/ConstantBootstraps",
                "invoke",
                "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;"
                    + "Ljava/lang/invoke/MethodHandle;[Ljava/lang/Object;)Ljava/lang/Object;",
                false),
            new Handle(H_INVOKESTATIC, "app/Target", "current", "()" + T, false));
    Rewriting app = new Rewriting(CURRENT).add("app/Generated", constant(dynamic));
    assertEquals("Target-3", app.call("app.Generated", "run").toString());
  }

  @Test
  void aSeamOfOneMethodOrWithAnExceptedMethodLeavesHandlesAlone() {
    Handle current = new Handle(H_INVOKESTATIC, "app/Target", "current", "()" + T, false);
    Seam narrow =
        Seams.call("app/Target.current", "app/Served.current", "()" + T, "app.Generated#run");
    assertNull(new Rewriting(narrow).rewrite("app/Generated", constant(current)));
    Rewriting app = new Rewriting(Seams.except(CURRENT, "app.Generated#other"));
    assertNull(app.rewrite("app/Generated", constant(current)));
    assertTrue(app.left.get(0).contains("excepted"), app.left.toString());
  }

  @Test
  void rewritingHandlesTwiceChangesNothingMore() {
    Rewriting app = new Rewriting(GO, CREATE, CURRENT, PLUS_OF_ANYTHING);
    byte[] once = app.rewrite("app/Handles");
    assertNotNull(once);
    assertNull(app.rewrite("app/Handles", once));
  }

  private static MethodHandle load(Handle handle, Seam seam) throws Exception {
    Rewriting app = new Rewriting(seam).add("app/Generated", constant(handle));
    return (MethodHandle) app.call("app.Generated", "run");
  }

  private static byte[] constant(Object constant) {
    ClassWriter cw = start();
    MethodVisitor mv = run(cw);
    mv.visitLdcInsn(constant);
    end(cw, mv);
    return cw.toByteArray();
  }

  private static byte[] supplier(Handle method) {
    ClassWriter cw = start();
    MethodVisitor mv = run(cw);
    mv.visitInvokeDynamicInsn(
        "get",
        "()Ljava/util/function/Supplier;",
        metafactory(),
        org.objectweb.asm.Type.getMethodType("()Ljava/lang/Object;"),
        method,
        org.objectweb.asm.Type.getMethodType("()" + T));
    mv.visitMethodInsn(
        org.objectweb.asm.Opcodes.INVOKEINTERFACE,
        "java/util/function/Supplier",
        "get",
        "()Ljava/lang/Object;",
        true);
    end(cw, mv);
    return cw.toByteArray();
  }

  private static Handle metafactory() {
    return new Handle(
        H_INVOKESTATIC,
        "java/lang/invoke/LambdaMetafactory",
        "metafactory",
        "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
            + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;"
            + "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;",
        false);
  }

  private static ClassWriter start() {
    ClassWriter cw = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    cw.visit(V25, ACC_PUBLIC, "app/Generated", null, "java/lang/Object", null);
    return cw;
  }

  private static MethodVisitor run(ClassWriter cw) {
    MethodVisitor mv =
        cw.visitMethod(ACC_PUBLIC | ACC_STATIC, "run", "()Ljava/lang/Object;", null, null);
    mv.visitCode();
    return mv;
  }

  private static void end(ClassWriter cw, MethodVisitor mv) {
    mv.visitInsn(ARETURN);
    mv.visitMaxs(0, 0);
    mv.visitEnd();
    cw.visitEnd();
  }
}

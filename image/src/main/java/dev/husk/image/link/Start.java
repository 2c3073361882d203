package dev.husk.image.link;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What a linked JDK has beside seams: the launcher starts Husk; {@code ClassLoader} has the classes
 * of the app rewritten; and {@code Thread.start0} is visible to {@code java.lang.HuskStart}.
 */
final class Start {
  private static final String LAUNCHER = "sun/launcher/LauncherHelper";
  private static final String THREAD = "java/lang/Thread";
  private static final String CLASS_LOADER = "java/lang/ClassLoader";
  private static final String STARTER = "dev/husk/image/guest/LinkedStart";
  private static final String DEFINER = "dev/husk/image/guest/LinkedDefine";
  private static final String DEFINE = "husk$define";
  private static final String DEFINE_TYPE =
      "(Ljava/lang/ClassLoader;Ljava/lang/String;[BII"
          + "Ljava/security/ProtectionDomain;Ljava/lang/String;)Ljava/lang/Class;";

  private Start() {}

  /** The class file as it was, unless it's one of the classes that change. */
  static byte[] in(String name, byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    Change change =
        switch (name) {
          case LAUNCHER -> new Launcher(writer);
          case THREAD -> new Threads(writer);
          case CLASS_LOADER -> new Loader(writer);
          default -> null;
        };
    if (change == null) {
      return classFile;
    }
    reader.accept(change, 0);
    if (!change.made) {
      throw new IllegalStateException("this JDK's " + name + " isn't as Husk knows it");
    }
    return writer.toByteArray();
  }

  private abstract static class Change extends ClassVisitor {
    boolean made;

    Change(ClassVisitor to) {
      super(Opcodes.ASM9, to);
    }
  }

  /** {@code checkAndLoadMain} begins with the start of Husk. */
  private static final class Launcher extends Change {
    Launcher(ClassVisitor to) {
      super(to);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor to = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals("checkAndLoadMain")) {
        return to;
      }
      made = true;
      return new MethodVisitor(Opcodes.ASM9, to) {
        @Override
        public void visitCode() {
          super.visitCode();
          visitMethodInsn(Opcodes.INVOKESTATIC, STARTER, "start", "()V", false);
        }
      };
    }
  }

  /** {@code start0} isn't private. */
  private static final class Threads extends Change {
    Threads(ClassVisitor to) {
      super(to);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      boolean here = name.equals("start0");
      made |= here;
      int visible = here ? access & ~Opcodes.ACC_PRIVATE : access;
      return super.visitMethod(visible, name, descriptor, signature, exceptions);
    }
  }

  /** Arrays of bytes go through {@code LinkedDefine} on their way to the VM. */
  private static final class Loader extends Change {
    Loader(ClassVisitor to) {
      super(to);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor to = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new MethodVisitor(Opcodes.ASM9, to) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String callee, String type, boolean isInterface) {
          boolean here =
              owner.equals(CLASS_LOADER)
                  && callee.equals("defineClass1")
                  && type.equals(DEFINE_TYPE);
          made |= here;
          super.visitMethodInsn(opcode, owner, here ? DEFINE : callee, type, isInterface);
        }
      };
    }

    /**
     * Adds {@code husk$define}: {@code byte[] r = LinkedDefine.rewrite(loader, name, b, off, len);
     * return r == null ? defineClass1(loader, name, b, off, len, pd, source) : defineClass1(loader,
     * name, r, 0, r.length, pd, source)}.
     */
    @Override
    public void visitEnd() {
      MethodVisitor to =
          cv.visitMethod(
              Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
              DEFINE,
              DEFINE_TYPE,
              null,
              null);
      to.visitAnnotation(GateWriter.HIDDEN, true).visitEnd();
      to.visitCode();
      to.visitVarInsn(Opcodes.ALOAD, 0);
      to.visitVarInsn(Opcodes.ALOAD, 1);
      to.visitVarInsn(Opcodes.ALOAD, 2);
      to.visitVarInsn(Opcodes.ILOAD, 3);
      to.visitVarInsn(Opcodes.ILOAD, 4);
      to.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          DEFINER,
          "rewrite",
          "(Ljava/lang/ClassLoader;Ljava/lang/String;[BII)[B",
          false);
      to.visitInsn(Opcodes.DUP);
      Label same = new Label();
      Label define = new Label();
      to.visitJumpInsn(Opcodes.IFNULL, same);
      to.visitInsn(Opcodes.DUP);
      to.visitVarInsn(Opcodes.ASTORE, 2);
      to.visitInsn(Opcodes.ARRAYLENGTH);
      to.visitVarInsn(Opcodes.ISTORE, 4);
      to.visitInsn(Opcodes.ICONST_0);
      to.visitVarInsn(Opcodes.ISTORE, 3);
      to.visitJumpInsn(Opcodes.GOTO, define);
      to.visitLabel(same);
      to.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"[B"});
      to.visitInsn(Opcodes.POP);
      to.visitLabel(define);
      to.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
      to.visitVarInsn(Opcodes.ALOAD, 0);
      to.visitVarInsn(Opcodes.ALOAD, 1);
      to.visitVarInsn(Opcodes.ALOAD, 2);
      to.visitVarInsn(Opcodes.ILOAD, 3);
      to.visitVarInsn(Opcodes.ILOAD, 4);
      to.visitVarInsn(Opcodes.ALOAD, 5);
      to.visitVarInsn(Opcodes.ALOAD, 6);
      to.visitMethodInsn(Opcodes.INVOKESTATIC, CLASS_LOADER, "defineClass1", DEFINE_TYPE, false);
      to.visitInsn(Opcodes.ARETURN);
      to.visitMaxs(7, 7);
      to.visitEnd();
      super.visitEnd();
    }
  }
}

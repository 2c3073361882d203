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
  private static final String GATE = "husk$define";
  private static final String DEFINE_ARRAY = "defineClass1";
  private static final String DEFINE_BUFFER = "defineClass2";
  private static final String ARRAY = "[B";
  private static final String BUFFER = "Ljava/nio/ByteBuffer;";

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

  /** Class files go through {@code LinkedDefine} on their way to the VM. */
  private static final class Loader extends Change {
    private boolean array;
    private boolean buffer;

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
          boolean own = owner.equals(CLASS_LOADER);
          boolean ofArray = own && callee.equals(DEFINE_ARRAY) && type.equals(type(ARRAY));
          boolean ofBuffer = own && callee.equals(DEFINE_BUFFER) && type.equals(type(BUFFER));
          array |= ofArray;
          buffer |= ofBuffer;
          super.visitMethodInsn(
              opcode, owner, ofArray || ofBuffer ? GATE : callee, type, isInterface);
        }
      };
    }

    @Override
    public void visitEnd() {
      made = array && buffer;
      gate(ARRAY, DEFINE_ARRAY);
      gate(BUFFER, DEFINE_BUFFER);
      super.visitEnd();
    }

    /** What the natives and their gates have as type; they differ in what holds the class file. */
    private static String type(String holder) {
      return "(Ljava/lang/ClassLoader;Ljava/lang/String;"
          + holder
          + "IILjava/security/ProtectionDomain;Ljava/lang/String;)Ljava/lang/Class;";
    }

    /**
     * Adds {@code byte[] r = LinkedDefine.rewrite(loader, name, b, off, len); return r == null ?
     * original(loader, name, b, off, len, pd, source) : defineClass1(loader, name, r, 0, r.length,
     * pd, source)}.
     */
    private void gate(String holder, String original) {
      MethodVisitor to =
          cv.visitMethod(
              Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
              GATE,
              type(holder),
              null,
              null);
      to.visitAnnotation(GateWriter.HIDDEN, true).visitEnd();
      to.visitCode();
      arguments(to);
      to.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          DEFINER,
          "rewrite",
          "(Ljava/lang/ClassLoader;Ljava/lang/String;" + holder + "II)[B",
          false);
      to.visitVarInsn(Opcodes.ASTORE, 7);
      to.visitVarInsn(Opcodes.ALOAD, 7);
      Label changed = new Label();
      to.visitJumpInsn(Opcodes.IFNONNULL, changed);
      arguments(to);
      define(to, original, type(holder));
      to.visitLabel(changed);
      to.visitFrame(Opcodes.F_APPEND, 1, new Object[] {ARRAY}, 0, null);
      to.visitVarInsn(Opcodes.ALOAD, 0);
      to.visitVarInsn(Opcodes.ALOAD, 1);
      to.visitVarInsn(Opcodes.ALOAD, 7);
      to.visitInsn(Opcodes.ICONST_0);
      to.visitVarInsn(Opcodes.ALOAD, 7);
      to.visitInsn(Opcodes.ARRAYLENGTH);
      define(to, DEFINE_ARRAY, type(ARRAY));
      to.visitMaxs(7, 8);
      to.visitEnd();
    }

    /** Loads loader, name, class file, offset and length. */
    private static void arguments(MethodVisitor to) {
      to.visitVarInsn(Opcodes.ALOAD, 0);
      to.visitVarInsn(Opcodes.ALOAD, 1);
      to.visitVarInsn(Opcodes.ALOAD, 2);
      to.visitVarInsn(Opcodes.ILOAD, 3);
      to.visitVarInsn(Opcodes.ILOAD, 4);
    }

    private static void define(MethodVisitor to, String method, String type) {
      to.visitVarInsn(Opcodes.ALOAD, 5);
      to.visitVarInsn(Opcodes.ALOAD, 6);
      to.visitMethodInsn(Opcodes.INVOKESTATIC, CLASS_LOADER, method, type, false);
      to.visitInsn(Opcodes.ARETURN);
    }
  }
}

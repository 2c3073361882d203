package dev.husk.image.link;

import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Tells the start in a linked JDK which groups of seams the linker left out. */
final class LeftOut {
  /** The class that it asks, with a method for each group that says whether the group is in. */
  static final String GROUPS = "dev/husk/image/guest/LinkedGroups";

  private LeftOut() {}

  /**
   * That class with the methods of the groups that are left out returning false.
   *
   * @param served the names of the groups that are in
   */
  static byte[] write(byte[] classFile, Set<String> served) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor to = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (!descriptor.equals("()Z") || served.contains(name)) {
              return to;
            }
            return new MethodVisitor(Opcodes.ASM9, to) {
              @Override
              public void visitInsn(int opcode) {
                super.visitInsn(opcode == Opcodes.ICONST_1 ? Opcodes.ICONST_0 : opcode);
              }
            };
          }
        },
        0);
    return writer.toByteArray();
  }
}

package dev.husk.rewriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A step of the build: marks the methods by which the JVM enters an agent as varargs.
 *
 * <p>They aren't, and no method handle can be made of such a method, so the JDK's reflection calls
 * it by JNI. By a method handle the one call of {@code premain} spins seven classes, a tenth of
 * what the whole agent may cost at start.
 */
public final class NativeEntry {
  private NativeEntry() {}

  /** Takes the class file to change. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    ClassReader in = new ClassReader(Files.readAllBytes(file));
    ClassWriter out = new ClassWriter(in, 0);
    in.accept(
        new ClassVisitor(Opcodes.ASM9, out) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            boolean entry = name.equals("premain") || name.equals("agentmain");
            return super.visitMethod(
                entry ? access | Opcodes.ACC_VARARGS : access,
                name,
                descriptor,
                signature,
                exceptions);
          }
        },
        0);
    Files.write(file, out.toByteArray());
  }
}

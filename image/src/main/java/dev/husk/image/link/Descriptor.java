package dev.husk.image.link;

import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;

/** The module descriptor of {@code java.base}, which gains Husk's packages. */
final class Descriptor {
  private Descriptor() {}

  /**
   * The descriptor with more packages, each exported to the modules whose classes call it.
   *
   * @param classes internal names of the classes that are added
   * @param callers the modules that call them
   */
  static byte[] withRuntime(byte[] moduleInfo, Set<String> classes, Set<String> callers) {
    Set<String> packages = new TreeSet<>();
    for (String name : classes) {
      if (name.startsWith("dev/husk/")) {
        packages.add(name.substring(0, name.lastIndexOf('/')));
      }
    }
    ClassReader reader = new ClassReader(moduleInfo);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public ModuleVisitor visitModule(String name, int access, String version) {
            return new ModuleVisitor(Opcodes.ASM9, super.visitModule(name, access, version)) {
              @Override
              public void visitEnd() {
                for (String added : packages) {
                  visitPackage(added);
                  if (!callers.isEmpty()) {
                    visitExport(added, 0, callers.toArray(new String[0]));
                  }
                }
                super.visitEnd();
              }
            };
          }
        },
        0);
    return writer.toByteArray();
  }
}

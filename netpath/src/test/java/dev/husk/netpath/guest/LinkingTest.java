package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is linked at run time would cost each start of a guest milliseconds. */
final class LinkingTest {
  /** Records have these, and nothing calls them on the way to {@code main}. */
  private static final Set<String> OF_RECORDS = Set.of("toString", "hashCode", "equals");

  @Test
  void nothingOnTheWayToMainIsDynamic() throws Exception {
    Path classes =
        Path.of(GuestBoot.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(GuestBoot.class.getPackageName().replace('.', '/'));
    List<String> found = new ArrayList<>();
    int read = 0;
    try (var files = Files.newDirectoryStream(classes, "*.class")) {
      for (Path file : files) {
        read++;
        ClassModel model = ClassFile.of().parse(file);
        for (MethodModel method : model.methods()) {
          if (isDynamic(method) && !OF_RECORDS.contains(method.methodName().stringValue())) {
            found.add(file.getFileName() + " " + method.methodName());
          }
        }
      }
    }
    assertTrue(read > 20, () -> "classes in " + classes);
    assertEquals(List.of(), found);
  }

  private static boolean isDynamic(MethodModel method) throws IOException {
    CodeModel code = method.code().orElse(null);
    return code != null
        && code.elementStream().anyMatch(InvokeDynamicInstruction.class::isInstance);
  }
}

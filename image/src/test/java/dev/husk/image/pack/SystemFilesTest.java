package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class SystemFilesTest {
  @Test
  void anImageHasALoaderOfProgramsAndTheTimeZoneOfAMachineInUtc() throws IOException {
    FileTree tree = new FileTree();
    SystemFiles.add(Path.of(System.getProperty("java.home")), tree);
    assertEquals(new Node.Symlink("/usr/share/zoneinfo/Etc/UTC"), tree.get("etc/localtime"));
    assertTrue(
        tree.nodes().keySet().stream().anyMatch(path -> path.endsWith("/libc.so.6")),
        tree.nodes().keySet()::toString);
    assertEquals(new Node.Directory(01777), tree.get("tmp"));
    assertEquals(new Node.Directory(0775), tree.get("root"));
  }
}

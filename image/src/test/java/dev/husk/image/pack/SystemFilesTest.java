package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SystemFilesTest {
  @Test
  void anImageHasALoaderOfProgramsAndTheTimeZoneOfAMachineInUtc() throws IOException {
    FileTree tree = new FileTree();
    Path home = Path.of(System.getProperty("java.home"));
    SystemFiles.add(home, List.of(home.resolve("lib/libnet.so")), tree);
    assertEquals(new Node.Symlink("/usr/share/zoneinfo/Etc/UTC"), tree.get("etc/localtime"));
    assertTrue(
        tree.nodes().keySet().stream().anyMatch(path -> path.endsWith("/libc.so.6")),
        tree.nodes().keySet()::toString);
    assertTrue(
        tree.get(home.resolve("lib/libnet.so").toString().substring(1))
            instanceof Node.RegularFile);
    assertEquals(new Node.Directory(01777), tree.get("tmp"));
    assertEquals(new Node.Directory(0775), tree.get("root"));
  }
}

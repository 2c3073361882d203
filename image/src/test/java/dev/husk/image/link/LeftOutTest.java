package dev.husk.image.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.husk.start.Groups;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The class that says which groups are linked in, as it is and as the linker writes it. */
final class LeftOutTest {
  private static Object groups(byte[] classFile) throws ReflectiveOperationException {
    String name = LeftOut.GROUPS.replace('/', '.');
    ClassLoader loader =
        new ClassLoader(LeftOutTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String wanted, boolean resolve)
              throws ClassNotFoundException {
            return wanted.equals(name)
                ? defineClass(name, classFile, 0, classFile.length)
                : super.loadClass(wanted, resolve);
          }
        };
    Method get = loader.loadClass(name).getDeclaredMethod("get");
    get.setAccessible(true);
    return get.invoke(null);
  }

  private static byte[] own() throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(LeftOut.GROUPS + ".class")) {
      return in.readAllBytes();
    }
  }

  @Test
  void saysWhichGroupsTheLinkerPutIn() throws Exception {
    assertEquals(Groups.ALL, groups(own()));
    assertEquals(Groups.ALL, groups(LeftOut.write(own(), Groups.ALL.names())));
    for (Groups some :
        new Groups[] {
          new Groups(true, false, true),
          new Groups(true, true, false),
          new Groups(false, false, true)
        }) {
      assertEquals(some, groups(LeftOut.write(own(), some.names())));
    }
    assertEquals(new Groups(false, false, false), groups(LeftOut.write(own(), Set.of())));
  }
}

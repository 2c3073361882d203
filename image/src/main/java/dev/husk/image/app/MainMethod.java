package dev.husk.image.app;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Whether the JVM can start a class: JLS 12.1.4 of Java 25. It takes a main method that isn't
 * private, of its own or inherited, with {@code String[]} before one without arguments; an instance
 * method needs a constructor without arguments that isn't private.
 */
final class MainMethod {
  private static final String NAME = "main";
  private static final String WITH_ARGS = "([Ljava/lang/String;)V";
  private static final String WITHOUT_ARGS = "()V";

  private MainMethod() {}

  /** Where classes of the app come from. */
  interface Classes {

    /**
     * Looks a class up.
     *
     * @param name with slashes
     * @return null if the app hasn't got it
     */
    @Nullable Found find(String name) throws IOException;

    /**
     * A class file.
     *
     * @param jar the name of its jar
     */
    record Found(Content content, String jar) {}
  }

  /** What of a class matters here. */
  private static final class Shape extends ClassVisitor {
    private int access;
    private final List<String> above = new ArrayList<>();
    private boolean constructor;
    private final List<Method> mains = new ArrayList<>();

    private record Method(int access, String descriptor) {
      boolean has(int flag) {
        return (access & flag) != 0;
      }
    }

    Shape() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      this.access = access;
      if (superName != null) {
        above.add(superName);
      }
      if (interfaces != null) {
        above.addAll(List.of(interfaces));
      }
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      boolean open = (access & Opcodes.ACC_PRIVATE) == 0;
      if (open && name.equals("<init>") && descriptor.equals(WITHOUT_ARGS)) {
        constructor = true;
      }
      if (open && name.equals(NAME)) {
        mains.add(new Method(access, descriptor));
      }
      return null;
    }

    /**
     * Its main method of a descriptor, if the main class has it too: a class inherits no static
     * method of an interface.
     *
     * @param own whether it is the main class itself
     */
    private @Nullable Method main(String descriptor, boolean samePackage, boolean own) {
      boolean isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
      for (Method main : mains) {
        if (main.descriptor.equals(descriptor)
            && (samePackage || main.has(Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED))
            && (own || !isInterface || !main.has(Opcodes.ACC_STATIC))) {
          return main;
        }
      }
      return null;
    }
  }

  /**
   * Looks.
   *
   * @param mainClass dotted
   * @param jvmOptions of the app
   * @throws AppException if the JVM couldn't start it
   */
  static void check(String mainClass, Classes classes, List<String> jvmOptions) throws IOException {
    String first = mainClass.replace('.', '/');
    Classes.Found found = classes.find(first);
    if (found == null) {
      throw new AppException("the main class " + mainClass + " is in no jar of the class path");
    }
    Shape own = shape(mainClass, found, jvmOptions);
    Shape.Method withoutArgs = null;
    boolean unknown = false;
    Set<String> names = new LinkedHashSet<>(List.of(first));
    for (Deque<String> todo = new ArrayDeque<>(names); !todo.isEmpty(); ) {
      String name = todo.remove();
      Classes.Found next = name.equals(first) ? found : classes.find(name);
      if (next == null) {
        unknown = true;
        continue;
      }
      Shape shape = name.equals(first) ? own : shape(name.replace('/', '.'), next, jvmOptions);
      boolean samePackage = packageOf(name).equals(packageOf(first));
      Shape.Method main = shape.main(WITH_ARGS, samePackage, shape == own);
      if (main != null) {
        checkInstance(mainClass, found.jar(), own, main);
        return;
      }
      if (withoutArgs == null) {
        withoutArgs = shape.main(WITHOUT_ARGS, samePackage, shape == own);
      }
      for (String above : shape.above) {
        if (!above.startsWith("java/") && names.add(above)) {
          todo.add(above);
        }
      }
    }
    if (withoutArgs == null && unknown) {
      // It may inherit one of a class that isn't the app's.
      return;
    }
    if (withoutArgs == null) {
      throw new AppException(
          ("the main class %s (%s) has no main method: \"void main(String[])\" or"
                  + " \"void main()\", static or not, but not private")
              .formatted(mainClass, found.jar()));
    }
    checkInstance(mainClass, found.jar(), own, withoutArgs);
  }

  /**
   * The classes that the JVM could start by a main method of their own; if some have the usual
   * public static one with arguments, those alone.
   */
  static List<String> startable(Archive archive) throws IOException {
    List<String> usual = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (Map.Entry<String, String> entry : archive.effective().entrySet()) {
      String path = entry.getKey();
      if (!path.endsWith(".class") || path.endsWith("-info.class")) {
        continue;
      }
      byte[] bytes = archive.read(entry.getValue(), Archive.MOST_OF_A_CLASS);
      String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
      Shape shape = shape(name, archive.name(), bytes);
      for (Shape.Method main : shape.mains) {
        boolean args = main.descriptor.equals(WITH_ARGS);
        boolean isStatic = main.has(Opcodes.ACC_STATIC);
        boolean isAbstract = (shape.access & Opcodes.ACC_ABSTRACT) != 0;
        if (args && isStatic && main.has(Opcodes.ACC_PUBLIC)) {
          usual.add(name);
        } else if ((args || main.descriptor.equals(WITHOUT_ARGS))
            && (isStatic || shape.constructor && !isAbstract)
            && !other.contains(name)) {
          other.add(name);
        }
      }
    }
    return usual.isEmpty() ? other : usual;
  }

  private static void checkInstance(String mainClass, String jar, Shape shape, Shape.Method main)
      throws AppException {
    if (main.has(Opcodes.ACC_STATIC)) {
      return;
    }
    boolean isAbstract = (shape.access & Opcodes.ACC_ABSTRACT) != 0;
    if (isAbstract || !shape.constructor) {
      throw new AppException(
          "the main class %s (%s) has an instance main method, but %s"
              .formatted(
                  mainClass,
                  jar,
                  isAbstract
                      ? "is abstract"
                      : "no constructor without arguments that isn't private"));
    }
  }

  private static Shape shape(String name, Classes.Found found, List<String> jvmOptions)
      throws IOException {
    byte[] bytes = found.content().bytes();
    String problem = ClassVersion.problem(bytes, jvmOptions);
    if (problem != null) {
      throw new AppException("class %s (%s) %s".formatted(name, found.jar(), problem));
    }
    return shape(name, found.jar(), bytes);
  }

  private static Shape shape(String name, String jar, byte[] bytes) throws IOException {
    Shape shape = new Shape();
    try {
      new ClassReader(bytes)
          .accept(shape, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    } catch (RuntimeException e) {
      // ASM says so by whatever it runs into.
      throw new AppException("class %s (%s) is broken: %s".formatted(name, jar, e));
    }
    return shape;
  }

  private static String packageOf(String name) {
    return name.substring(0, Math.max(name.lastIndexOf('/'), 0));
  }
}

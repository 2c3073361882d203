package dev.husk.image.check;

import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Looks through the classes of a jar. Its constant pool tells all classes and methods that a class
 * names (JVMS 4.4); only where it names a method of {@link Calls} is the code read to find the
 * caller.
 */
final class ClassScan {
  private static final int CONSTANT_CLASS = 7;
  private static final int CONSTANT_STRING = 8;
  private static final int CONSTANT_FIELD = 9;
  private static final int CONSTANT_METHOD = 10;
  private static final int CONSTANT_INTERFACE_METHOD = 11;
  private static final int CONSTANT_NAME_AND_TYPE = 12;
  private static final int CONSTANT_METHOD_TYPE = 16;

  private static final String BASE = "java.base";
  private static final String EXTENDED_CHARSETS = "jdk.charsets";
  private static final int LONGEST_CHARSET = 32;
  private static final int LONGEST_CLASS_NAME = 256;
  private static final Pattern CLASS_NAME = Pattern.compile("\\w+(\\.[\\w$]+){2,}");

  private final String jar;
  private final SystemModules modules;
  private final Findings findings;

  /** Packages that were met before: the first class that uses one is named for it. */
  private final Set<String> met = new HashSet<>();

  private String className = "";
  private boolean callsToFind;
  private boolean looksUpServices;
  private boolean looksUpCharsets;

  ClassScan(String jar, SystemModules modules, Findings findings) {
    this.jar = jar;
    this.modules = modules;
    this.findings = findings;
  }

  /** Reads a class file; a broken one ends in some exception of ASM's, or in a stack overflow. */
  void scan(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    className = reader.getClassName().replace('/', '.');
    callsToFind = false;
    looksUpServices = false;
    looksUpCharsets = false;
    constants(reader);
    int flags = ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;
    reader.accept(new Members(), callsToFind ? flags : flags | ClassReader.SKIP_CODE);
  }

  private void constants(ClassReader reader) {
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      // The second index of a long or double has no item.
      switch (at == 0 ? 0 : reader.readByte(at - 1)) {
        case CONSTANT_CLASS -> type(reader.readUTF8(at, buffer));
        case CONSTANT_FIELD -> likely(reader.readClass(at, buffer), name(reader, at, 0, buffer));
        case CONSTANT_METHOD, CONSTANT_INTERFACE_METHOD ->
            method(
                reader.readClass(at, buffer),
                name(reader, at, 0, buffer),
                name(reader, at, 2, buffer));
        case CONSTANT_NAME_AND_TYPE -> descriptor(reader.readUTF8(at + 2, buffer));
        case CONSTANT_METHOD_TYPE -> descriptor(reader.readUTF8(at, buffer));
        default -> {}
      }
    }
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      switch (at == 0 ? 0 : reader.readByte(at - 1)) {
        case CONSTANT_STRING -> string(reader.readUTF8(at, buffer));
        case CONSTANT_CLASS -> service(reader.readUTF8(at, buffer));
        default -> {}
      }
    }
  }

  /** Of a member's constant the name, or two bytes further the descriptor. */
  private static String name(ClassReader reader, int at, int offset, char[] buffer) {
    return reader.readUTF8(reader.getItem(reader.readUnsignedShort(at + 2)) + offset, buffer);
  }

  /** A class of a constant: a name, or the descriptor of an array. */
  private void type(String name) {
    if (name.startsWith("[")) {
      descriptor(name);
    } else {
      named(name);
    }
  }

  /** Each class in a descriptor: {@code Ljava/lang/String;}. */
  private void descriptor(String descriptor) {
    int start = descriptor.indexOf('L');
    while (start >= 0) {
      int end = descriptor.indexOf(';', start);
      if (end < 0) {
        return;
      }
      named(descriptor.substring(start + 1, end));
      start = descriptor.indexOf('L', end);
    }
  }

  private void named(String name) {
    int slash = name.lastIndexOf('/');
    if (slash > 0 && met.add(name.substring(0, slash))) {
      String module = modules.ofPackage(name.substring(0, slash));
      if (module != null && !module.equals(BASE)) {
        findings.needs(module, "%s (%s) uses %s".formatted(className, jar, name.replace('/', '.')));
      }
    }
  }

  private void likely(String owner, String name) {
    Calls.Likely likely = Calls.module(owner, name);
    if (likely != null) {
      findings.mayNeed(likely.module(), "%s (%s) %s".formatted(className, jar, likely.why()));
    }
  }

  private void method(String owner, String name, String descriptor) {
    callsToFind |= Calls.topic(owner, name) != null;
    likely(owner, name);
    looksUpServices |= owner.equals("java/util/ServiceLoader") && name.startsWith("load");
    looksUpCharsets |= Calls.takesCharset(owner, name, descriptor);
  }

  /** A class that the JDK has providers of, in a class that looks services up. */
  private void service(String name) {
    if (looksUpServices) {
      for (String module : modules.providersOf(name)) {
        if (!module.equals(BASE)) {
          findings.mayNeed(
              module,
              "%s (%s) looks up services, and it provides %s"
                  .formatted(className, jar, name.replace('/', '.')));
        }
      }
    }
  }

  /** The name of a class for reflection, or of a character set. */
  private void string(String text) {
    int dot = text.lastIndexOf('.');
    if (dot > 0 && text.length() <= LONGEST_CLASS_NAME && CLASS_NAME.matcher(text).matches()) {
      String module = modules.ofPackage(text.substring(0, dot).replace('.', '/'));
      if (module != null
          && !module.equals(BASE)
          && modules.hasClass(module, text.replace('.', '/'))) {
        findings.mayNeed(module, "%s (%s) names %s".formatted(className, jar, text));
      }
    } else if (looksUpCharsets && text.length() <= LONGEST_CHARSET && isExtendedCharset(text)) {
      findings.mayNeed(
          EXTENDED_CHARSETS, "%s (%s) names the character set %s".formatted(className, jar, text));
    }
  }

  private static boolean isExtendedCharset(String name) {
    try {
      return Charset.isSupported(name)
          && EXTENDED_CHARSETS.equals(Charset.forName(name).getClass().getModule().getName());
    } catch (IllegalArgumentException e) {
      // It can't be the name of one.
      return false;
    }
  }

  /** Descriptors of the class's own members are in no constant of theirs. */
  private final class Members extends ClassVisitor {
    Members() {
      super(Opcodes.ASM9);
    }

    @Override
    public @Nullable FieldVisitor visitField(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        @Nullable Object value) {
      descriptor(descriptor);
      return null;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      descriptor(descriptor);
      if ((access & Opcodes.ACC_NATIVE) != 0) {
        findings.countNativeMethod();
      }
      return callsToFind ? new Code(className + "#" + name) : null;
    }
  }

  private final class Code extends MethodVisitor {
    private final String caller;

    Code(String caller) {
      super(Opcodes.ASM9);
      this.caller = caller;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      call(owner, name);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        constant(argument);
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      constant(value);
    }

    /** A method reference is the constant of a call. */
    private void constant(Object value) {
      if (value instanceof Handle handle) {
        call(handle.getOwner(), handle.getName());
      } else if (value instanceof ConstantDynamic dynamic) {
        for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
          constant(dynamic.getBootstrapMethodArgument(i));
        }
      }
    }

    private void call(String owner, String name) {
      Topic topic = Calls.topic(owner, name);
      if (topic != null) {
        String plain = owner.replace('/', '.');
        findings.call(
            new CallSite(
                topic, jar, caller, name.equals("<init>") ? "new " + plain : plain + "." + name));
      }
    }
  }
}

package dev.husk.scheduler;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the class that calls {@code main}: hidden, so that the app's stack traces don't show it,
 * and a nest mate of the main class, so that the call is allowed whatever the modifiers. A method
 * handle would do the same for ten times the start-up.
 */
final class MainCall {
  private static final int CLASS_FILE_VERSION = 69;
  private static final String OBJECT = "java/lang/Object";
  private static final String CONSUMER = "java/util/function/Consumer";
  private static final String ARGUMENTS = "[Ljava/lang/String;";

  // Tags of the constant pool.
  private static final int UTF8 = 1;
  private static final int CLASS = 7;
  private static final int METHOD = 10;
  private static final int NAME_AND_TYPE = 12;

  private static final int ALOAD_1 = 0x2b;
  private static final int RETURN = 0xb1;
  private static final int INVOKESTATIC = 0xb8;
  private static final int CHECKCAST = 0xc0;

  /** {@code ACC_FINAL} and {@code ACC_SUPER}. */
  private static final int FINAL_CLASS = 0x0010 | 0x0020;

  private static final String SUFFIX = "$$HuskMain";

  /** What calls the method with its argument, or null where it isn't of the common form. */
  @SuppressWarnings("unchecked")
  static @Nullable Consumer<Object> of(Class<?> type, Method method) {
    if (!Modifier.isStatic(method.getModifiers())
        || method.getParameterCount() != 1
        || method.getDeclaringClass() != type
        || type.isInterface()
        || type.isHidden()) {
      return null;
    }
    String name = type.getName();
    byte[] main = name.replace('.', '/').getBytes(StandardCharsets.ISO_8859_1);
    for (byte c : main) {
      if (c <= 0 || c == '?') {
        // Not ASCII, and so not the same in the class file.
        return null;
      }
    }
    byte[] own = (name.replace('.', '/') + SUFFIX).getBytes(StandardCharsets.ISO_8859_1);
    try {
      return (Consumer<Object>)
          InBase.hidden(type.getClassLoader(), type, name + SUFFIX, classFile(own, main));
    } catch (LinkageError e) {
      return null;
    }
  }

  /** {@code public void accept(Object o) { Main.main((String[]) o); }}. */
  private static byte[] classFile(byte[] name, byte[] main) {
    MainCall out = new MainCall(name.length + main.length + 300);
    out.u2(0xCAFE).u2(0xBABE).u2(0).u2(CLASS_FILE_VERSION);
    out.u2(18);
    out.text(name).type(1); // 2
    out.text(OBJECT).type(3); // 4
    out.text(CONSUMER).type(5); // 6
    out.text(main).type(7); // 8
    out.text(ARGUMENTS).type(9); // 10
    out.text("accept").text("(Ljava/lang/Object;)V").text("Code"); // 11, 12, 13
    out.text("main").text("(" + ARGUMENTS + ")V"); // 14, 15
    out.u1(NAME_AND_TYPE).u2(14).u2(15); // 16
    out.u1(METHOD).u2(8).u2(16); // 17
    out.u2(FINAL_CLASS).u2(2).u2(4);
    out.u2(1).u2(6); // Interfaces.
    out.u2(0); // Fields.
    out.u2(1).u2(Modifier.PUBLIC).u2(11).u2(12); // Methods.
    out.u2(1).u2(13).u2(0).u2(12 + 8); // The attribute, two of stack, two locals.
    out.u2(2).u2(2).u2(0).u2(8);
    out.u1(ALOAD_1).u1(CHECKCAST).u2(10).u1(INVOKESTATIC).u2(17).u1(RETURN);
    out.u2(0).u2(0); // No handlers, no attributes.
    out.u2(0);
    byte[] bytes = new byte[out.size];
    System.arraycopy(out.bytes, 0, bytes, 0, out.size);
    return bytes;
  }

  private final byte[] bytes;
  private int size;

  private MainCall(int capacity) {
    bytes = new byte[capacity];
  }

  private MainCall u1(int value) {
    bytes[size++] = (byte) value;
    return this;
  }

  private MainCall u2(int value) {
    return u1(value >> 8).u1(value);
  }

  private MainCall text(String ascii) {
    return text(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  private MainCall text(byte[] modifiedUtf8) {
    u1(UTF8).u2(modifiedUtf8.length);
    System.arraycopy(modifiedUtf8, 0, bytes, size, modifiedUtf8.length);
    size += modifiedUtf8.length;
    return this;
  }

  private MainCall type(int name) {
    return u1(CLASS).u2(name);
  }
}

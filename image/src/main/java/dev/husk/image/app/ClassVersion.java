package dev.husk.image.app;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the JVM of an image takes a class file: JVMS 4.1. */
public final class ClassVersion {
  /** The class file version of Java 25. */
  private static final int NEWEST = 69;

  private static final int MAGIC = 0xcafebabe;
  private static final int PREVIEW = 0xffff;
  private static final int JAVA_1 = 44;

  /** Before Java 12 no class file had preview features. */
  private static final int OLDEST_WITH_PREVIEW = 56;

  private static final String ENABLE_PREVIEW = "--enable-preview";

  private ClassVersion() {}

  /**
   * Says why not.
   *
   * @param bytes a class file, or its first 8 bytes
   * @param jvmOptions of the app: one lets preview features in
   * @return null if it does
   */
  public static @Nullable String problem(byte[] bytes, List<String> jvmOptions) {
    if (!isClassFile(bytes)) {
      return "is not a class file";
    }
    int minor = u2(bytes, 4);
    int major = u2(bytes, 6);
    if (major > NEWEST) {
      return "has class file version %d.%d: it was compiled for Java %d, and images run Java 25"
          .formatted(major, minor, major - JAVA_1);
    }
    if (minor == PREVIEW && major < NEWEST && major >= OLDEST_WITH_PREVIEW) {
      return "uses preview features of Java %d, which only that release runs (version %d.%d)"
          .formatted(major - JAVA_1, major, minor);
    }
    if (minor == PREVIEW && major == NEWEST && !jvmOptions.contains(ENABLE_PREVIEW)) {
      return "uses preview features: it needs the JVM option " + ENABLE_PREVIEW;
    }
    return null;
  }

  /** Whether these are the first bytes of a class file, at least 8. */
  public static boolean isClassFile(byte[] bytes) {
    return bytes.length >= 8 && (u2(bytes, 0) << 16 | u2(bytes, 2)) == MAGIC;
  }

  private static int u2(byte[] bytes, int at) {
    return Byte.toUnsignedInt(bytes[at]) << 8 | Byte.toUnsignedInt(bytes[at + 1]);
  }
}

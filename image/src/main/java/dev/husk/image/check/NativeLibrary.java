package dev.husk.image.check;

import java.util.List;

/**
 * A native library in a jar, for the machine and C library of the image.
 *
 * @param entry its path in the jar
 * @param jni whether it has functions for JNI; else it is for calls by FFM or of other libraries
 * @param needed the libraries it needs
 * @param bypasses what it does past Husk
 * @param advice how to do without it, or empty
 */
public record NativeLibrary(
    String jar,
    String entry,
    boolean jni,
    List<String> needed,
    List<Bypass> bypasses,
    String advice) {

  /** Its file name. */
  public String name() {
    return entry.substring(entry.lastIndexOf('/') + 1);
  }

  /** As {@code libx.so of y.jar}. */
  String label() {
    return name() + " of " + jar;
  }

  /**
   * Something that native code does past Husk.
   *
   * @param functions those that it calls for it, sorted
   */
  public record Bypass(Seam seam, List<String> functions) {}

  /** What Husk does for Java code, and can't for native code. */
  public enum Seam {
    SOCKETS("its sockets bypass Husk"),
    THREADS("its threads are the kernel's, not Husk's"),
    MEMORY("its memory comes from the C library, not from Husk"),
    PROCESSES("it can start processes, and an image holds no other programs");

    private final String meaning;

    Seam(String meaning) {
      this.meaning = meaning;
    }

    /** For people. */
    public String meaning() {
      return meaning;
    }
  }
}

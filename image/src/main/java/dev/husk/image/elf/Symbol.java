package dev.husk.image.elf;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a dynamic symbol table.
 *
 * @param version its GNU version such as {@code GLIBC_2.17}, or null if it has none
 * @param library the library that the version is expected of, or null for one of the file itself
 * @param defined whether the file defines it; else it needs it
 * @param byDefault whether a reference without a version means this one ({@code name@@version})
 */
public record Symbol(
    String name,
    Binding binding,
    boolean defined,
    @Nullable String version,
    @Nullable String library,
    boolean byDefault) {

  /** Who sees a symbol, and whether it may be missing. */
  public enum Binding {
    LOCAL,
    GLOBAL,
    WEAK,
    /** One definition per process, an extension of GNU. */
    UNIQUE
  }

  /** Whether a program that needs it can't run without: it is neither defined, weak nor local. */
  public boolean required() {
    return !defined && (binding == Binding.GLOBAL || binding == Binding.UNIQUE);
  }

  /** Whether other files can use this definition. */
  public boolean offered() {
    return defined && binding != Binding.LOCAL;
  }

  /** As readelf writes it: {@code name}, {@code name@version} or {@code name@@version}. */
  @Override
  public String toString() {
    if (version == null) {
      return name;
    }
    return name + (byDefault ? "@@" : "@") + version;
  }
}

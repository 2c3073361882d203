package dev.husk.image.elf;

/**
 * A version that a file expects of a library.
 *
 * @param library as in DT_NEEDED: {@code libc.so.6}
 * @param version such as {@code GLIBC_2.38}
 * @param weak whether it may be missing
 */
public record VersionNeed(String library, String version, boolean weak) {}

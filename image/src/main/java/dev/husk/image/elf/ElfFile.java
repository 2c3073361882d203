package dev.husk.image.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An executable or shared object, as the dynamic linker sees it: System V ABI, chapters 4 and 5,
 * and the symbol versions of the Linux Standard Base, Core - Generic, section 10.7.
 *
 * @param interpreter PT_INTERP: the dynamic linker, for an executable
 * @param soname DT_SONAME
 * @param needed DT_NEEDED, in the order of the file
 * @param rpath DT_RPATH, split; {@code $ORIGIN} and the like as they are written
 * @param runpath DT_RUNPATH, the same way
 * @param noDefaultDirectories DF_1_NODEFLIB: look for libraries by rpath and runpath alone
 * @param symbols the dynamic symbol table without its first, empty entry
 * @param versionNeeds versions expected of other libraries
 * @param versions the versions that it defines, without its own name, which is the base version
 * @param buildId NT_GNU_BUILD_ID in hexadecimal
 * @param otherSystem the system that a note says the file is for, such as {@code OpenBSD}; null for
 *     Linux, and for those that leave no note
 */
public record ElfFile(
    Machine machine,
    @Nullable String interpreter,
    @Nullable String soname,
    List<String> needed,
    List<String> rpath,
    List<String> runpath,
    boolean noDefaultDirectories,
    List<Symbol> symbols,
    List<VersionNeed> versionNeeds,
    List<String> versions,
    @Nullable String buildId,
    @Nullable String otherSystem) {

  /**
   * Reads a file.
   *
   * @throws ElfException if it isn't one, is broken, or is for a machine that images aren't made
   *     for
   */
  public static ElfFile read(Path file) throws IOException {
    return read(file.toString(), Files.readAllBytes(file));
  }

  /**
   * Reads bytes.
   *
   * @param name for messages
   * @throws ElfException as {@link #read(Path)}
   */
  public static ElfFile read(String name, byte[] bytes) throws ElfException {
    return new ElfReader(name, bytes).read();
  }
}

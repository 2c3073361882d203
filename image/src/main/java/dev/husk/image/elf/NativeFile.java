package dev.husk.image.elf;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A native file that a process loads.
 *
 * @param name how people know it: its path, or {@code libx.so of y.jar}
 * @param path where it lies, or null for one inside of an archive
 */
public record NativeFile(String name, @Nullable Path path, ElfFile elf) {

  /**
   * One that lies in the file system.
   *
   * @throws ElfException as {@link ElfFile#read(Path)}
   */
  public static NativeFile of(Path path) throws IOException {
    return new NativeFile(path.toString(), path, ElfFile.read(path));
  }

  /** The names that a DT_NEEDED of another file may call it by, once it is loaded. */
  boolean isCalled(String needed) {
    return needed.equals(elf.soname())
        || (path != null && path.getFileName().toString().equals(needed));
  }
}

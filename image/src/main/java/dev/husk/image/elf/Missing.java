package dev.husk.image.elf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What native code needs and doesn't find. */
public sealed interface Missing {

  /** The file that needs it. */
  String neededBy();

  /** One line for people. */
  @Override
  String toString();

  /**
   * A library.
   *
   * @param rejected files of this name that were found and can't be used, with the reason
   */
  record Library(String name, String neededBy, List<String> rejected) implements Missing {
    @Override
    public String toString() {
      String line = name + " needed by " + neededBy + " isn't there";
      return rejected.isEmpty() ? line : line + " (" + String.join("; ", rejected) + ")";
    }
  }

  /**
   * A version of a library that is there.
   *
   * @param symbols the symbols of this version that the file needs
   */
  record Version(String library, String version, String neededBy, List<String> symbols)
      implements Missing {
    @Override
    public String toString() {
      String line = version + " of " + library + " needed by " + neededBy + " isn't there";
      return symbols.isEmpty() ? line : line + ": " + String.join(", ", symbols);
    }
  }

  /**
   * A symbol, in libraries that are all there.
   *
   * @param library the library that should define it, or null if the file doesn't say
   */
  record Symbol(String symbol, @Nullable String library, String neededBy) implements Missing {
    @Override
    public String toString() {
      return symbol
          + " needed by "
          + neededBy
          + " is defined "
          + (library == null ? "by no library that it may use" : "neither by " + library)
          + (library == null ? "" : " nor by another library");
    }
  }
}

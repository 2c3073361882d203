package dev.husk.image.elf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks each symbol and version that a set of files needs up in all of them. That is somewhat more
 * than a process allows, where a library that was opened by itself serves those alone that need it.
 */
final class SymbolCheck {
  private final List<NativeFile> files;
  private final boolean musl;
  private final Set<String> names = new HashSet<>();

  private final Set<String> exact = new HashSet<>();

  /** Names without a version: one serves a reference of any version. */
  private final Set<String> unversioned = new HashSet<>();

  private SymbolCheck(List<NativeFile> files, boolean musl) {
    this.files = files;
    this.musl = musl;
  }

  static List<Missing> of(List<NativeFile> files, boolean musl) {
    SymbolCheck check = new SymbolCheck(files, musl);
    files.forEach(file -> check.offer(file.elf()));
    List<Missing> missing = new ArrayList<>();
    files.forEach(file -> check.check(file, missing));
    return missing;
  }

  private void offer(ElfFile elf) {
    for (Symbol symbol : elf.symbols()) {
      if (symbol.offered()) {
        names.add(symbol.name());
        if (symbol.version() == null) {
          unversioned.add(symbol.name());
        } else {
          exact.add(exact(symbol.name(), symbol.version()));
        }
      }
    }
  }

  private static String exact(String name, String version) {
    return name + "@" + version;
  }

  private void check(NativeFile file, List<Missing> missing) {
    Map<VersionNeed, TreeSet<String>> versions = new LinkedHashMap<>();
    // musl doesn't look at versions.
    for (VersionNeed need : musl ? List.<VersionNeed>of() : file.elf().versionNeeds()) {
      if (!need.weak() && lacks(need)) {
        versions.put(need, new TreeSet<>());
      }
    }
    List<Missing> symbols = new ArrayList<>();
    for (Symbol symbol : file.elf().symbols()) {
      if (!symbol.required() || isDefined(symbol)) {
        continue;
      }
      TreeSet<String> ofVersion =
          symbol.library() == null || symbol.version() == null
              ? null
              : versions.get(new VersionNeed(symbol.library(), symbol.version(), false));
      if (ofVersion != null) {
        ofVersion.add(symbol.name());
      } else if (symbol.library() == null ? isComplete(file) : isThere(symbol.library())) {
        // Where a library isn't there, its absence says enough.
        symbols.add(new Missing.Symbol(symbol.toString(), symbol.library(), file.name()));
      }
    }
    versions.forEach(
        (need, ofVersion) ->
            missing.add(
                new Missing.Version(
                    need.library(), need.version(), file.name(), List.copyOf(ofVersion))));
    missing.addAll(symbols);
  }

  private boolean isDefined(Symbol symbol) {
    if (symbol.version() == null || musl) {
      return names.contains(symbol.name());
    }
    return exact.contains(exact(symbol.name(), symbol.version()))
        || unversioned.contains(symbol.name());
  }

  /** A library without any versions serves every need, as it does for the dynamic linker. */
  private boolean lacks(VersionNeed need) {
    return files.stream()
        .filter(file -> file.isCalled(need.library()))
        .map(file -> file.elf().versions())
        .anyMatch(versions -> !versions.isEmpty() && !versions.contains(need.version()));
  }

  private boolean isComplete(NativeFile file) {
    return file.elf().needed().stream().allMatch(this::isThere);
  }

  private boolean isThere(String library) {
    return (musl && LibraryFinder.isPartOfMusl(library))
        || files.stream().anyMatch(file -> file.isCalled(library));
  }
}

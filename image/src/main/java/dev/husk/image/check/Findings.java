package dev.husk.image.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was found in a jar, or in several one after the other: the first that needs a module is
 * named for it.
 */
final class Findings {
  private final Map<String, ModuleNeed> certain = new TreeMap<>();
  private final Map<String, ModuleNeed> likely = new TreeMap<>();
  private final List<NativeCode> libraries = new ArrayList<>();
  private final List<Path> systemLibraries = new ArrayList<>();
  private final Set<CallSite> calls = new LinkedHashSet<>();
  private final List<String> errors = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private int classes;
  private int nativeMethods;
  private int otherLibraries;

  void needs(String module, String because) {
    certain.putIfAbsent(module, new ModuleNeed(module, true, because));
  }

  void mayNeed(String module, String because) {
    likely.putIfAbsent(module, new ModuleNeed(module, false, because));
  }

  void library(NativeCode library) {
    libraries.add(library);
  }

  void systemLibrary(Path file) {
    systemLibraries.add(file);
  }

  void otherLibrary() {
    otherLibraries++;
  }

  void call(CallSite call) {
    calls.add(call);
  }

  void error(String error) {
    errors.add(error);
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  void countClass() {
    classes++;
  }

  void countNativeMethod() {
    nativeMethods++;
  }

  void addAll(Findings other) {
    other.certain.forEach(certain::putIfAbsent);
    other.likely.forEach(likely::putIfAbsent);
    libraries.addAll(other.libraries);
    systemLibraries.addAll(other.systemLibraries);
    calls.addAll(other.calls);
    errors.addAll(other.errors);
    warnings.addAll(other.warnings);
    classes += other.classes;
    nativeMethods += other.nativeMethods;
    otherLibraries += other.otherLibraries;
  }

  /** Certain ones first, each by their names. */
  List<ModuleNeed> modules() {
    List<ModuleNeed> modules = new ArrayList<>(certain.values());
    for (ModuleNeed need : likely.values()) {
      if (!certain.containsKey(need.module())) {
        modules.add(need);
      }
    }
    return List.copyOf(modules);
  }

  List<NativeCode> libraries() {
    return List.copyOf(libraries);
  }

  List<Path> systemLibraries() {
    return List.copyOf(systemLibraries);
  }

  List<CallSite> calls() {
    return List.copyOf(calls);
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  int classes() {
    return classes;
  }

  int nativeMethods() {
    return nativeMethods;
  }

  int otherLibraries() {
    return otherLibraries;
  }
}

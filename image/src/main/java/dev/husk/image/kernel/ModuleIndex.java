package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which modules there are and what they need: modules.builtin, which comes with the kernel, and the
 * tables modules.dep and modules.alias, which depmod makes (modules.dep(5)). A package has none of
 * those before it is installed: there the index is made from the modules themselves.
 */
final class ModuleIndex {
  private static final String DEP = "modules.dep";
  private static final String ALIAS = "modules.alias";
  private static final String BUILT_IN = "modules.builtin";
  // Real ones are a tenth as deep; what is deeper is a circle.
  private static final int MOST_DEPTH = 100;

  private record Entry(String path, List<String> needs) {}

  private record Alias(String pattern, String module) {}

  private final TreeMap<String, Entry> modules = new TreeMap<>();
  private final Predicate<String> builtIn;
  private final List<Alias> aliases = new ArrayList<>();

  private ModuleIndex(Predicate<String> builtIn) {
    this.builtIn = builtIn;
  }

  /** The index of a kernel that has everything built in. */
  static ModuleIndex allBuiltIn() {
    return new ModuleIndex(name -> true);
  }

  /**
   * The index of a directory lib/modules/VERSION: its tables, or where it has none, made from all
   * its modules, which takes seconds when they are compressed.
   *
   * @throws IOException if it can't be read, or a table or module is broken
   */
  static ModuleIndex of(Path directory) throws IOException {
    Set<String> builtIn = new HashSet<>();
    for (String path : lines(directory.resolve(BUILT_IN))) {
      builtIn.add(name(path));
    }
    ModuleIndex index = new ModuleIndex(builtIn::contains);
    if (Files.exists(directory.resolve(DEP))) {
      index.readDependencies(directory.resolve(DEP));
      index.readAliases(directory.resolve(ALIAS));
    } else {
      index.readModules(directory);
    }
    return index;
  }

  /** The lines of a table, which may be missing. */
  private static List<String> lines(Path table) throws IOException {
    return Files.exists(table) ? Files.readAllLines(table, ISO_8859_1) : List.of();
  }

  /** The name of a module by the path of its file. */
  static String name(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int end = file.indexOf(".ko");
    return canonical(end < 0 ? file : file.substring(0, end));
  }

  /** As the kernel writes a name: it takes both hyphen and underscore for the same. */
  static String canonical(String name) {
    return name.replace('-', '_');
  }

  private void readDependencies(Path table) throws IOException {
    for (String line : lines(table)) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException(table + ": no colon in the line \"" + line + "\"");
      }
      String path = line.substring(0, colon);
      // The last one is loaded first.
      List<String> needs =
          Stream.of(line.substring(colon + 1).split(" "))
              .filter(need -> !need.isEmpty())
              .map(ModuleIndex::name)
              .toList()
              .reversed();
      modules.putIfAbsent(name(path), new Entry(path, needs));
    }
  }

  private void readAliases(Path table) throws IOException {
    for (String line : lines(table)) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].equals("alias")) {
        aliases.add(new Alias(words[1], canonical(words[2])));
      }
    }
  }

  private void readModules(Path directory) throws IOException {
    Path real = directory.toRealPath();
    List<String> paths =
        Directories.walk(real).stream()
            .map(file -> real.relativize(file).toString())
            .filter(path -> path.matches(".*\\.ko(\\.[a-z0-9]+)?"))
            // As depmod does: what is in updates/ comes before what the kernel brought along.
            .sorted(Comparator.comparing(path -> !path.startsWith("updates/")))
            .toList();
    for (String path : paths) {
      String name = name(path);
      if (!modules.containsKey(name)) {
        ModuleInfo info = ModuleInfo.of(directory.resolve(path));
        modules.put(
            name, new Entry(path, info.depends().stream().map(ModuleIndex::canonical).toList()));
        info.aliases().forEach(alias -> aliases.add(new Alias(alias, name)));
      }
    }
  }

  /** Writes the tables, as depmod does; a module that lacks what it needs isn't in them. */
  void write(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : modules.keySet()) {
      SequencedSet<String> order = new LinkedHashSet<>();
      try {
        addInOrder(name, order);
      } catch (MissingModuleException e) {
        continue;
      }
      // The module itself is the last to be loaded, and in the table the first.
      List<String> paths = order.reversed().stream().map(this::path).toList();
      lines.add(
          (paths.getFirst() + ": " + String.join(" ", paths.subList(1, paths.size()))).strip());
    }
    Files.write(directory.resolve(DEP), lines, ISO_8859_1);
    Files.write(
        directory.resolve(ALIAS),
        aliases.stream().map(alias -> "alias " + alias.pattern + " " + alias.module).toList(),
        ISO_8859_1);
  }

  boolean contains(String name) {
    return modules.containsKey(name) || builtIn.test(name);
  }

  /** The path of a module's file, which isn't built in. */
  String path(String name) {
    return modules.get(name).path;
  }

  /** The modules that serve an alias. */
  Set<String> byAlias(String alias) {
    Set<String> found = new TreeSet<>();
    for (Alias candidate : aliases) {
      if (contains(candidate.module) && Glob.matches(candidate.pattern, alias)) {
        found.add(candidate.module);
      }
    }
    return found;
  }

  /**
   * Adds the names of a module and of what it needs, which comes before it, without those that are
   * built in.
   *
   * @throws MissingModuleException if one of them isn't there
   * @throws IOException if they need each other in a circle
   */
  void addInOrder(String name, SequencedSet<String> order) throws IOException {
    addInOrder(name, order, 0);
  }

  private void addInOrder(String name, SequencedSet<String> order, int depth) throws IOException {
    if (builtIn.test(name) || order.contains(name)) {
      return;
    }
    Entry entry = modules.get(name);
    if (entry == null) {
      throw new MissingModuleException(name);
    }
    if (depth > MOST_DEPTH) {
      throw new IOException("module " + name + " needs itself");
    }
    for (String need : entry.needs) {
      try {
        addInOrder(need, order, depth + 1);
      } catch (MissingModuleException e) {
        throw new MissingModuleException(e.getMessage() + ", which " + name + " needs");
      }
    }
    order.add(name);
  }
}

package dev.husk.rewriter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of places: what {@code in} and {@code except} of a seam say.
 *
 * <p>The forms: {@code java.lang.Thread}, {@code java.lang.Thread#join}, {@code
 * java.util.concurrent.**}, {@code APP}.
 */
final class Scope {

  static final int NOWHERE = -1;

  private static final int APP_RANK = 0;
  private static final int CLASS_RANK = 1 << 20;
  private static final int METHOD_RANK = 1 << 21;

  final boolean app;

  /** Internal names that end with a slash. */
  final String[] packages;

  final String[] classes;

  /** Pairs: the class {@code methods[i]} and its method {@code methods[i + 1]}. */
  final String[] methods;

  Scope(List<String> entries) {
    int packageCount = 0;
    int classCount = 0;
    int methodCount = 0;
    for (int i = 0; i < entries.size(); i++) {
      String entry = entries.get(i);
      if (entry.endsWith(".**")) {
        packageCount++;
      } else if (entry.indexOf('#') >= 0) {
        methodCount++;
      } else if (!entry.equals("APP")) {
        classCount++;
      }
    }
    packages = new String[packageCount];
    classes = new String[classCount];
    methods = new String[2 * methodCount];
    boolean hasApp = false;
    for (int i = entries.size() - 1; i >= 0; i--) {
      String entry = entries.get(i);
      int hash = entry.indexOf('#');
      if (entry.endsWith(".**")) {
        packages[--packageCount] = entry.substring(0, entry.length() - 2).replace('.', '/');
      } else if (hash >= 0) {
        methods[2 * --methodCount] = entry.substring(0, hash).replace('.', '/');
        methods[2 * methodCount + 1] = entry.substring(hash + 1);
      } else if (entry.equals("APP")) {
        hasApp = true;
      } else {
        classes[--classCount] = entry.replace('.', '/');
      }
    }
    app = hasApp;
  }

  Scope(boolean app, String[] packages, String[] classes, String[] methods) {
    this.app = app;
    this.packages = packages;
    this.classes = classes;
    this.methods = methods;
  }

  /** What is wrong with {@code entry}, or null. */
  static @Nullable String problemOf(String entry) {
    if (entry.equals("APP")) {
      return null;
    }
    String name = entry;
    if (entry.endsWith(".**")) {
      name = entry.substring(0, entry.length() - 3);
    } else if (entry.indexOf('#') >= 0) {
      name = entry.substring(0, entry.indexOf('#'));
      String method = entry.substring(entry.indexOf('#') + 1);
      if (method.isEmpty() || contains(method, "#.;[/*, \t\n")) {
        return "'" + entry + "' names no method after '#'";
      }
    }
    if (name.isEmpty()
        || name.startsWith(".")
        || name.endsWith(".")
        || name.contains("..")
        || contains(name, "#;[/*, \t\n")) {
      return "'" + entry + "' is none of a.b.Class, a.b.Class#method, a.b.** and APP";
    }
    return null;
  }

  private static boolean contains(String s, String anyOf) {
    for (int i = 0; i < s.length(); i++) {
      if (anyOf.indexOf(s.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** How narrow the narrowest entry is that holds the whole class, or {@link #NOWHERE}. */
  int rank(String className, boolean inJavaBase) {
    for (int i = 0; i < classes.length; i++) {
      if (classes[i].equals(className)) {
        return CLASS_RANK;
      }
    }
    int rank = app && !inJavaBase ? APP_RANK : NOWHERE;
    for (int i = 0; i < packages.length; i++) {
      if (rank < packages[i].length() && className.startsWith(packages[i])) {
        rank = packages[i].length();
      }
    }
    return rank;
  }

  /** The same for a method of the class. */
  int rank(String className, boolean inJavaBase, String method) {
    for (int i = 0; i < methods.length; i += 2) {
      if (methods[i + 1].equals(method) && methods[i].equals(className)) {
        return METHOD_RANK;
      }
    }
    return rank(className, inJavaBase);
  }

  /** Whether an entry names a method of the class. */
  boolean namesMethodOf(String className) {
    for (int i = 0; i < methods.length; i += 2) {
      if (methods[i].equals(className)) {
        return true;
      }
    }
    return false;
  }

  /** Adds the methods of the class that entries name. */
  void addMethodsOf(String className, List<String> names) {
    for (int i = 0; i < methods.length; i += 2) {
      if (methods[i].equals(className) && !names.contains(methods[i + 1])) {
        names.add(methods[i + 1]);
      }
    }
  }
}

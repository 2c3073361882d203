package dev.husk.rewriter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a JDK has all the call sites that a group of seams needs. A group whose sites are
 * not all there stays off as a whole.
 */
public final class GroupCheck {

  private GroupCheck() {}

  /**
   * What the JDK lacks of the seams of {@code group}.
   *
   * <p>Each seam that isn't optional needs its target, where {@code jdk} knows the class, and at
   * least one rewritten site in every class and method that its {@code in} names; a site there that
   * must be left alone counts as lacking.
   *
   * @param jdk the class files of the JDK
   * @return a sentence for each, empty if nothing is missing
   */
  public static List<String> missing(SeamTable table, String group, Supers jdk) {
    SeamTable seams = table.only(Set.of(group));
    Map<String, byte[]> classFiles = new HashMap<>();
    Supers cached =
        new Supers() {
          @Override
          public byte @Nullable [] classFile(String internalName) {
            byte[] bytes = classFiles.get(internalName);
            if (bytes == null) {
              bytes = jdk.classFile(internalName);
              if (bytes != null) {
                classFiles.put(internalName, bytes);
              }
            }
            return bytes;
          }
        };
    Sites sites = new Sites();
    Rewriter rewriter = new Rewriter(seams);
    for (String name : seams.namedClasses()) {
      byte[] bytes = cached.classFile(name);
      if (bytes == null) {
        sites.absent.add(name);
      } else {
        rewriter.rewrite(name, true, bytes, cached, sites);
      }
    }
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < seams.seams.length; i++) {
      Seam seam = seams.seams[i];
      if (!seam.optional()) {
        missing(seams, i, cached, sites, missing);
      }
    }
    return missing;
  }

  /**
   * The classes that the group's seams change, or would change if they were certain of a site.
   *
   * @param javaBase the class files of {@code java.base}, by internal name
   */
  static Set<String> sites(SeamTable table, String group, Map<String, byte[]> javaBase) {
    SeamTable seams = table.only(Set.of(group));
    Rewriter rewriter = new Rewriter(seams);
    Sites sites = new Sites();
    Set<String> names = new HashSet<>();
    for (Map.Entry<String, byte[]> entry : javaBase.entrySet()) {
      if (rewriter.rewrite(entry.getKey(), true, entry.getValue(), javaBase::get, sites) != null) {
        names.add(entry.getKey());
      }
    }
    for (Sites.Left left : sites.left) {
      names.add(left.className);
    }
    return names;
  }

  private static void missing(
      SeamTable table, int index, Supers jdk, Sites sites, List<String> missing) {
    Seam seam = table.seams[index];
    byte[] bytes = jdk.classFile(seam.type());
    if (bytes != null && !declares(bytes, table, index)) {
      missing.add(dotted(seam.type()) + " doesn't declare what " + seam + " replaces");
      return;
    }
    Scope in = table.in[index];
    for (String name : in.classes) {
      missing(seam, name, null, sites, missing);
    }
    for (int i = 0; i < in.methods.length; i += 2) {
      missing(seam, in.methods[i], in.methods[i + 1], sites, missing);
    }
  }

  private static void missing(
      Seam seam, String name, @Nullable String method, Sites sites, List<String> missing) {
    String place = dotted(name) + (method == null ? "" : "#" + method);
    Throwable failure = sites.failures.get(name);
    if (sites.absent.contains(name)) {
      missing.add("there is no " + dotted(name) + " for " + seam);
      return;
    }
    if (failure != null) {
      missing.add(dotted(name) + " can't be read: " + failure);
      return;
    }
    boolean left = false;
    for (Sites.Left site : sites.left) {
      if (site.seam.equals(seam)
          && site.className.equals(name)
          && (method == null || site.method.equals(method))) {
        missing.add(
            place
                + (method == null && !site.method.isEmpty() ? "#" + site.method : "")
                + " has a site of "
                + seam
                + " that can't be rewritten: "
                + site.why);
        left = true;
      }
    }
    if (!left && !sites.rewritten.contains(Sites.key(seam, name, method))) {
      missing.add(place + " has no site of " + seam);
    }
  }

  private static boolean declares(byte[] bytes, SeamTable table, int index) {
    Seam seam = table.seams[index];
    boolean field = seam.shape() == Seam.Shape.READ;
    String asStatic = table.staticDescriptors[index];
    String asInstance = table.instanceDescriptors[index];
    try {
      ConstantPool pool = ConstantPool.of(bytes);
      return asStatic != null && Inheritance.declares(pool, seam.member(), asStatic, field)
          || asInstance != null && Inheritance.declares(pool, seam.member(), asInstance, field);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }

  /** What the rewriter found in the named classes. */
  private static final class Sites implements SiteListener {

    record Left(String className, String method, Seam seam, String why) {}

    final Set<String> absent = new HashSet<>();
    final Set<String> rewritten = new HashSet<>();
    final List<Left> left = new ArrayList<>();
    final Map<String, Throwable> failures = new HashMap<>();

    static String key(Seam seam, String className, @Nullable String method) {
      return seam + " in " + className + (method == null ? "" : "#" + method);
    }

    @Override
    public void rewritten(String className, String method, Seam seam) {
      rewritten.add(key(seam, className, null));
      rewritten.add(key(seam, className, method));
    }

    @Override
    public void leftAlone(String className, String method, Seam seam, String why) {
      left.add(new Left(className, method, seam, why));
    }

    @Override
    public void failed(@Nullable String className, Throwable cause) {
      if (className != null) {
        failures.put(className, cause);
      }
    }
  }
}

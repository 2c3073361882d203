package dev.husk.rewriter;

import org.jspecify.annotations.Nullable;

/**
 * Puts calls of seams in the place of what they replace: a pure function from class file to class
 * file. Thread-safe; loads no class.
 *
 * <p>Every substitution has the size of what it replaces. A call or a field read is three bytes, as
 * is the {@code invokestatic} that takes its place ({@code invokeinterface} has five: two {@code
 * nop} follow), and {@code new T; dup; …; invokespecial} becomes {@code nop}s and an {@code
 * invokestatic}. So no offset in the class file moves: stack maps, exception tables, line numbers,
 * attributes of other agents and whatever a later JVM adds stay valid as they are, byte for byte,
 * and a method can't outgrow 64 KB. What is new, the seams' method references, goes to the end of
 * the constant pool.
 */
public final class Rewriter {

  private final SeamTable table;

  /** For the classes that some seam names. */
  private final ConstantPoolScan named;

  /** For all others, which only seams of an app or a package can reach. */
  private final ConstantPoolScan others;

  /** A rewriter for these seams. */
  public Rewriter(SeamTable table) {
    this.table = table;
    boolean[] all = new boolean[table.seams.length];
    boolean[] wide = new boolean[table.seams.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = true;
      wide[i] = table.in[i].app || table.in[i].packages.length > 0;
    }
    named = new ConstantPoolScan(table, all);
    others = new ConstantPoolScan(table, wide);
  }

  /** {@link #rewrite(String, boolean, byte[], Supers, SiteListener)} that knows no other class. */
  public byte @Nullable [] rewrite(
      @Nullable String internalName, boolean inJavaBase, byte[] classFile, SiteListener listener) {
    return rewrite(internalName, inJavaBase, classFile, Supers.NONE, listener);
  }

  /**
   * Rewrites the sites of a class.
   *
   * @param internalName the class's name, or null to take it from the class file
   * @param inJavaBase whether the class is one of {@code java.base}
   * @param classFile the class file, which stays as it is
   * @param supers asked for class files where a call may mean an inherited target
   * @param listener told about each site, once the class is done
   * @return the new class file, or null where nothing changes, be it that the class has no site or
   *     that it can't be read
   */
  public byte @Nullable [] rewrite(
      @Nullable String internalName,
      boolean inJavaBase,
      byte[] classFile,
      Supers supers,
      SiteListener listener) {
    ClassPatch patch = patch(internalName, inJavaBase, classFile, supers, listener, false);
    return patch == null ? null : patch.result();
  }

  /**
   * Rewrites the sites of a class of the JDK that is being linked: they call gates, which the
   * linker has to add to the class, and which decide between the seam and the original while the
   * JVM runs. The seams of all apps are called directly.
   *
   * @return the new class file and the gates it lacks, or null where nothing changes
   */
  public @Nullable Linked link(
      @Nullable String internalName,
      boolean inJavaBase,
      byte[] classFile,
      Supers supers,
      SiteListener listener) {
    ClassPatch patch = patch(internalName, inJavaBase, classFile, supers, listener, true);
    byte[] result = patch == null ? null : patch.result();
    return result == null ? null : new Linked(result, patch.gates());
  }

  private @Nullable ClassPatch patch(
      @Nullable String internalName,
      boolean inJavaBase,
      byte[] classFile,
      Supers supers,
      SiteListener listener,
      boolean link) {
    if (!table.mayTouch(internalName, inJavaBase)) {
      return null;
    }
    ClassPatch patch;
    try {
      boolean isNamed = internalName == null || table.isNamed(internalName);
      ConstantPoolScan scan = isNamed ? named : others;
      ConstantPool pool = scan.scan(classFile);
      if (pool == null) {
        return null;
      }
      String name = internalName;
      if (name == null) {
        name = pool.classText(pool.u2(pool.end + 2));
        if (!table.mayTouch(name, inJavaBase)) {
          return null;
        }
      }
      patch = new ClassPatch(table, scan, pool, name, inJavaBase, supers, link);
      patch.apply();
    } catch (RuntimeException | LinkageError e) {
      listener.failed(internalName, e);
      return null;
    }
    patch.report(listener);
    return patch;
  }
}

package dev.husk.rewriter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The seams of one index. Immutable.
 *
 * <p>The index is text: a header, any number of {@code verified} lines, and one line for each seam,
 * its fields separated by tabs. Lists are separated by commas; a class or method name contains
 * neither.
 */
public final class SeamTable {

  private static final String HEADER = "husk-seams 1";
  private static final String VERIFIED = "verified\t";

  /** Packages whose classes Husk itself consists of; from inside them the originals are reached. */
  private static final String[] OWN = {
    "agent/", "allocator/", "netpath/", "rewriter/", "runtime/", "scheduler/", "virtio/"
  };

  private static final String OWN_PREFIX = "dev/husk/";

  final Seam[] seams;
  final Scope[] in;
  final Scope[] except;

  /** By seam: the descriptor of a static target, null where the target isn't static. */
  final @Nullable String[] staticDescriptors;

  /** By seam: the descriptor of an instance target, null where the target isn't one. */
  final @Nullable String[] instanceDescriptors;

  /**
   * For each JDK, groups that were checked against it, {@code "<jdk>\t<group>"}, and the classes of
   * its {@code java.base} in which the group has sites.
   */
  private final Map<String, Set<String>> verified;

  // What mayTouch needs.
  final HashSet<String> classes;
  final HashSet<String> seamClasses;
  private final String[] packages;
  private final boolean app;

  /** The classes of {@code java.base} that have sites, where that is known of the JDK. */
  private final @Nullable Set<String> sites;

  private @Nullable HashSet<String> dottedSites;

  private SeamTable(List<Seam> seams, Map<String, Set<String>> verified) {
    sites = null;
    classes = new HashSet<>();
    seamClasses = new HashSet<>();
    int n = seams.size();
    this.seams = seams.toArray(new Seam[n]);
    this.verified = verified;
    in = new Scope[n];
    except = new Scope[n];
    staticDescriptors = new String[n];
    instanceDescriptors = new String[n];
    HashSet<String> prefixes = new HashSet<>();
    boolean hasApp = false;
    for (int i = 0; i < n; i++) {
      Seam seam = this.seams[i];
      in[i] = new Scope(seam.in());
      except[i] = new Scope(seam.except());
      staticDescriptors[i] = seam.staticDescriptor();
      instanceDescriptors[i] = seam.instanceDescriptor();
      seamClasses.add(seam.seamClass());
      hasApp |= in[i].app;
      for (String name : in[i].classes) {
        classes.add(name);
      }
      for (int j = 0; j < in[i].methods.length; j += 2) {
        classes.add(in[i].methods[j]);
      }
      for (String prefix : in[i].packages) {
        prefixes.add(prefix);
      }
    }
    app = hasApp;
    packages = prefixes.toArray(new String[0]);
  }

  /** For {@link SeamPack}: of one JDK, where the classes with sites are known. */
  SeamTable(
      Seam[] seams,
      Scope[] in,
      Scope[] except,
      @Nullable String[] staticDescriptors,
      @Nullable String[] instanceDescriptors,
      HashSet<String> classes,
      HashSet<String> seamClasses,
      Set<String> sites) {
    this.seams = seams;
    this.in = in;
    this.except = except;
    this.staticDescriptors = staticDescriptors;
    this.instanceDescriptors = instanceDescriptors;
    this.classes = classes;
    this.seamClasses = seamClasses;
    this.sites = sites;
    verified = Map.of();
    packages = new String[0];
    boolean hasApp = false;
    for (int i = 0; i < in.length; i++) {
      hasApp |= in[i].app;
    }
    app = hasApp;
  }

  /** A table of these seams, in this order. */
  public static SeamTable of(List<Seam> seams) {
    return new SeamTable(seams, Map.of());
  }

  /**
   * Reads an index; the stream is read to its end and left open.
   *
   * @throws IOException if it can't be read or isn't an index
   */
  public static SeamTable parse(InputStream index) throws IOException {
    String text = new String(index.readAllBytes(), StandardCharsets.UTF_8);
    List<Seam> seams = new ArrayList<>();
    Map<String, Set<String>> verified = new HashMap<>();
    boolean first = true;
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        throw new IOException("The seam index is cut off");
      }
      String line = text.substring(start, end);
      start = end + 1;
      if (first) {
        if (!line.equals(HEADER)) {
          throw new IOException("Not a seam index of this version: " + line);
        }
        first = false;
      } else if (line.startsWith(VERIFIED)) {
        List<String> fields = split(line, '\t');
        if (fields.size() != 4) {
          throw new IOException("Not a line of a seam index: " + line);
        }
        verified.put(
            fields.get(1) + "\t" + fields.get(2), new TreeSet<>(split(fields.get(3), ',')));
      } else {
        seams.add(seam(line));
      }
    }
    if (first) {
      throw new IOException("The seam index is empty");
    }
    return new SeamTable(seams, verified);
  }

  private static Seam seam(String line) throws IOException {
    List<String> fields = split(line, '\t');
    if (fields.size() != 11) {
      throw new IOException("Not a line of a seam index: " + line);
    }
    Seam.Shape shape;
    switch (fields.get(2)) {
      case "call":
        shape = Seam.Shape.CALL;
        break;
      case "read":
        shape = Seam.Shape.READ;
        break;
      case "new":
        shape = Seam.Shape.NEW;
        break;
      default:
        throw new IOException("Not a line of a seam index: " + line);
    }
    return new Seam(
        fields.get(0),
        fields.get(1).equals("optional"),
        shape,
        fields.get(3),
        fields.get(4),
        fields.get(5),
        fields.get(6),
        fields.get(7),
        fields.get(8),
        split(fields.get(9), ','),
        split(fields.get(10), ','));
  }

  private static List<String> split(String s, char separator) {
    List<String> parts = new ArrayList<>();
    if (s.isEmpty()) {
      return parts;
    }
    int start = 0;
    for (int i = s.indexOf(separator); i >= 0; i = s.indexOf(separator, start)) {
      parts.add(s.substring(start, i));
      start = i + 1;
    }
    parts.add(s.substring(start));
    return parts;
  }

  /** The index of this table: what {@link #parse} reads. The same table gives the same text. */
  public String toIndex() {
    StringBuilder out = new StringBuilder(HEADER).append('\n');
    for (String key : new TreeSet<>(verified.keySet())) {
      out.append(VERIFIED).append(key).append('\t');
      out.append(String.join(",", verified.get(key))).append('\n');
    }
    for (Seam seam : seams) {
      out.append(seam.group()).append('\t');
      out.append(seam.optional() ? "optional" : "required").append('\t');
      out.append(seam.shape().name().toLowerCase(Locale.ROOT)).append('\t');
      out.append(seam.type()).append('\t');
      out.append(seam.member()).append('\t');
      out.append(seam.descriptor()).append('\t');
      out.append(seam.seamClass()).append('\t');
      out.append(seam.seamMethod()).append('\t');
      out.append(seam.seamDescriptor()).append('\t');
      out.append(String.join(",", seam.in())).append('\t');
      out.append(String.join(",", seam.except())).append('\n');
    }
    return out.toString();
  }

  /** The seams of these groups alone; names of groups are in lower case. */
  public SeamTable only(Set<String> groups) {
    List<Seam> some = new ArrayList<>();
    for (Seam seam : seams) {
      if (groups.contains(seam.group())) {
        some.add(seam);
      }
    }
    return new SeamTable(some, verified);
  }

  /** The seams, in the order of the index. */
  public List<Seam> seams() {
    return List.of(seams);
  }

  /** The names of the groups that have a seam, sorted. */
  public Set<String> groups() {
    Set<String> groups = new TreeSet<>();
    for (Seam seam : seams) {
      groups.add(seam.group());
    }
    return groups;
  }

  /**
   * Whether a class of this name may have a site; says no to nearly every class of {@code
   * java.base} and to Husk's own.
   *
   * @param internalName the name, or null where the JVM gives none
   */
  public boolean mayTouch(@Nullable String internalName, boolean inJavaBase) {
    if (internalName == null) {
      return app && !inJavaBase;
    }
    if (inJavaBase && sites != null) {
      return sites.contains(internalName);
    }
    if (app && !inJavaBase || classes.contains(internalName)) {
      return !isOwn(internalName);
    }
    for (int i = 0; i < packages.length; i++) {
      if (internalName.startsWith(packages[i])) {
        return !isOwn(internalName);
      }
    }
    return false;
  }

  /**
   * The same for the name that {@code Class.getName} gives, for a driver that asks of all classes
   * that are loaded.
   */
  public boolean mayTouchLoaded(String name, boolean inJavaBase) {
    if (sites == null || !inJavaBase) {
      return mayTouch(name.replace('.', '/'), inJavaBase);
    }
    HashSet<String> dotted = dottedSites;
    if (dotted == null) {
      dotted = new HashSet<>();
      for (String site : sites) {
        dotted.add(site.replace('/', '.'));
      }
      dottedSites = dotted;
    }
    return dotted.contains(name);
  }

  /** Whether an {@code in} names the class, or a method of it. */
  boolean isNamed(String internalName) {
    return classes.contains(internalName);
  }

  private boolean isOwn(String internalName) {
    if (internalName.startsWith(OWN_PREFIX)) {
      for (int i = 0; i < OWN.length; i++) {
        if (internalName.startsWith(OWN[i], OWN_PREFIX.length())) {
          return true;
        }
      }
    }
    // A seam that is rewritten would call itself.
    return seamClasses.contains(internalName);
  }

  /**
   * The internal names of the classes that some seam names, in its {@code in}, as a class or for a
   * method: what a driver retransforms where they are loaded already. Sorted.
   */
  public List<String> namedClasses() {
    return List.copyOf(new TreeSet<>(classes));
  }

  /**
   * The classes of {@code java.base} that have sites, as {@link #withVerified} was told, or null.
   */
  @Nullable Set<String> sites(String jdk, String group) {
    return verified.get(jdk + "\t" + group);
  }

  /**
   * This table, noting that all its seams of {@code group} have their sites in {@code jdk}.
   *
   * @param sites the classes of its {@code java.base} that have any, internal names
   */
  public SeamTable withVerified(String jdk, String group, Set<String> sites) {
    Map<String, Set<String>> more = new HashMap<>(verified);
    more.put(jdk + "\t" + group, new TreeSet<>(sites));
    return new SeamTable(List.of(seams), more);
  }

  /** Whether the index says that the seams of {@code group} have their sites in {@code jdk}. */
  public boolean isVerified(String jdk, String group) {
    return verified.containsKey(jdk + "\t" + group);
  }

  /** What tells the running JDK from another build, for {@link #isVerified}. */
  public static String runningJdk() {
    return System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version");
  }
}

package dev.husk.image.link;

import dev.husk.image.guest.LinkedDefine;
import dev.husk.rewriter.Linked;
import dev.husk.rewriter.Rewriter;
import dev.husk.rewriter.Seam;
import dev.husk.rewriter.SeamTable;
import dev.husk.rewriter.SiteListener;
import dev.husk.rewriter.Supers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jdk.tools.jlink.plugin.Plugin;
import jdk.tools.jlink.plugin.ResourcePool;
import jdk.tools.jlink.plugin.ResourcePoolBuilder;
import jdk.tools.jlink.plugin.ResourcePoolEntry;
import org.jspecify.annotations.Nullable;

/**
 * The step of {@code jlink} that writes the seams into the JDK's classes, puts Husk's runtime into
 * {@code java.base}, and makes the launcher start it before the app's main class is loaded.
 */
final class SeamPlugin implements Plugin {
  private static final String JAVA_BASE = "java.base";
  private static final String CLASS = ".class";

  private final Rewriter rewriter;
  private final Map<String, byte[]> runtime;
  private final byte[] appSeams;
  private final List<String> leftAlone = new ArrayList<>();

  /** The modules whose classes call seams. */
  private final Set<String> callers = new TreeSet<>();

  private int rewritten;

  /**
   * @param seams what to write in
   * @param runtime the class files of Husk in {@code java.base}, by internal name
   */
  SeamPlugin(SeamTable seams, Map<String, byte[]> runtime) {
    rewriter = new Rewriter(seams);
    List<Seam> ofApps = new ArrayList<>();
    for (Seam seam : seams.seams()) {
      if (seam.in().contains("APP")) {
        ofApps.add(seam);
      }
    }
    appSeams = SeamTable.of(ofApps).toIndex().getBytes(StandardCharsets.UTF_8);
    this.runtime = new TreeMap<>(runtime);
  }

  @Override
  public String getName() {
    return "husk-seams";
  }

  @Override
  public Set<State> getState() {
    return Set.of(State.AUTO_ENABLED, State.FUNCTIONAL);
  }

  /** Before all transformers, of which one writes down what packages each module has. */
  @Override
  public Category getType() {
    return Category.FILTER;
  }

  @Override
  public boolean hasArguments() {
    return false;
  }

  @Override
  public String getDescription() {
    return "writes Husk's seams into the classes of the JDK";
  }

  /** How many classes have been rewritten. */
  int rewritten() {
    return rewritten;
  }

  /** Sites that couldn't be rewritten, each with its reason. */
  List<String> leftAlone() {
    return leftAlone;
  }

  @Override
  public ResourcePool transform(ResourcePool in, ResourcePoolBuilder out) {
    Supers supers = name -> find(in, name);
    List<ResourcePoolEntry> descriptors = new ArrayList<>();
    in.entries()
        .forEach(
            entry -> {
              if (entry.path().equals("/" + JAVA_BASE + "/module-info.class")) {
                descriptors.add(entry);
              } else {
                out.add(transform(entry, supers));
              }
            });
    for (Map.Entry<String, byte[]> own : runtime.entrySet()) {
      out.add(
          ResourcePoolEntry.create("/" + JAVA_BASE + "/" + own.getKey() + CLASS, own.getValue()));
    }
    out.add(
        ResourcePoolEntry.create(
            "/" + JAVA_BASE + "/dev/husk/image/guest/" + LinkedDefine.SEAMS, appSeams));
    for (ResourcePoolEntry descriptor : descriptors) {
      out.add(
          descriptor.copyWithContent(
              Descriptor.withRuntime(descriptor.contentBytes(), runtime.keySet(), callers)));
    }
    return out.build();
  }

  private ResourcePoolEntry transform(ResourcePoolEntry entry, Supers supers) {
    if (entry.type() != ResourcePoolEntry.Type.CLASS_OR_RESOURCE || !entry.path().endsWith(CLASS)) {
      return entry;
    }
    String module = entry.moduleName();
    String name =
        entry.path().substring(module.length() + 2, entry.path().length() - CLASS.length());
    byte[] before = entry.contentBytes();
    Linked linked =
        rewriter.link(name, module.equals(JAVA_BASE), before, supers, new Sites(leftAlone));
    byte[] after = Start.in(name, linked == null ? before : GateWriter.complete(linked));
    if (after == before) {
      return entry;
    }
    rewritten++;
    if (!module.equals(JAVA_BASE)) {
      callers.add(module);
    }
    return entry.copyWithContent(after);
  }

  private static byte @Nullable [] find(ResourcePool pool, String internalName) {
    // A class of the JDK may inherit from one of another module: by package.
    String suffix = "/" + internalName + CLASS;
    return pool.moduleView()
        .modules()
        .map(module -> module.findEntry("/" + module.name() + suffix))
        .flatMap(Optional::stream)
        .findFirst()
        .map(ResourcePoolEntry::contentBytes)
        .orElse(null);
  }

  /** Notes what stays as it is. */
  private record Sites(List<String> leftAlone) implements SiteListener {
    @Override
    public void rewritten(String className, String method, Seam seam) {}

    @Override
    public void leftAlone(String className, String method, Seam seam, String why) {
      leftAlone.add(className.replace('/', '.') + "#" + method + ": " + seam + ": " + why);
    }

    @Override
    public void failed(@Nullable String className, Throwable cause) {
      throw new IllegalStateException("rewriting " + className, cause);
    }
  }
}

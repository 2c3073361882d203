package dev.husk.image.kernel;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/**
 * The modules of a kernel. They are asked for by name ({@code virtio-net} is {@code virtio_net}) or
 * by an alias, as the kernel asks for a device's: {@code virtio:d00000001v00001AF4}.
 */
public final class KernelModules {
  private final Path directory;
  private final ModuleIndex index;

  private final boolean signed;

  private KernelModules(Path directory, ModuleIndex index, boolean signed) {
    this.directory = directory;
    this.index = index;
    this.signed = signed;
  }

  /**
   * Those of a directory lib/modules/VERSION. Where depmod hasn't been there, all modules are read.
   *
   * @throws IOException if it can't be read, or its tables or modules are broken
   */
  public static KernelModules of(Path directory) throws IOException {
    return new KernelModules(directory, ModuleIndex.of(directory), true);
  }

  Path directory() {
    return directory;
  }

  /** Those of a kernel that has everything built in. */
  public static KernelModules allBuiltIn() {
    return new KernelModules(Path.of(""), ModuleIndex.allBuiltIn(), true);
  }

  /** The same {@link KernelModule#unsigned}. */
  public KernelModules unsigned() {
    return new KernelModules(directory, index, false);
  }

  /**
   * What to load for these modules, each after what it needs; what is built in is left out.
   *
   * @param required must be there
   * @param optional are left out, too, if they or what they need isn't there
   * @throws MissingModuleException that names all that are missing
   * @throws IOException if a file is broken, or compressed in a way that isn't supported
   */
  public List<KernelModule> inLoadOrder(Collection<String> required, Collection<String> optional)
      throws IOException {
    SequencedSet<String> order = new LinkedHashSet<>();
    List<String> missing = new ArrayList<>();
    for (String name : required) {
      try {
        add(name, order);
      } catch (MissingModuleException e) {
        missing.add(e.getMessage());
      }
    }
    if (!missing.isEmpty()) {
      throw new MissingModuleException(
          "the kernel of " + directory + " has no module " + String.join(", no ", missing));
    }
    for (String name : optional) {
      SequencedSet<String> with = new LinkedHashSet<>(order);
      try {
        add(name, with);
        order = with;
      } catch (MissingModuleException e) {
        // That is what optional means.
      }
    }
    List<KernelModule> modules = new ArrayList<>();
    for (String name : order) {
      KernelModule module = new KernelModule(name, content(index.path(name)));
      modules.add(signed ? module : module.unsigned());
    }
    return List.copyOf(modules);
  }

  private void add(String wanted, SequencedSet<String> order) throws IOException {
    String name = ModuleIndex.canonical(wanted);
    Set<String> names = index.contains(name) ? Set.of(name) : index.byAlias(wanted);
    if (names.isEmpty()) {
      throw new MissingModuleException(wanted);
    }
    for (String each : names) {
      index.addInOrder(each, order);
    }
  }

  private Content content(String path) throws IOException {
    try {
      Path file = directory.resolve(path).normalize();
      if (!file.startsWith(directory.normalize())) {
        throw new IOException("outside of " + directory);
      }
      return Compression.decompressed(Content.of(file), KernelModule.MOST_BYTES);
    } catch (IOException | InvalidPathException e) {
      throw new IOException("module " + path + ": " + e.getMessage(), e);
    }
  }
}

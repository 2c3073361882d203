package dev.husk.image.config;

import dev.husk.image.app.AppRequest;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.pack.Format;
import dev.husk.image.pack.PackRequest;
import dev.husk.image.pack.User;
import dev.husk.image.squashfs.Method;
import dev.husk.image.tree.FileTree;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pack: what options say, over what husk.toml says, over what holds otherwise.
 *
 * @param app the app
 * @param kernel as a {@link PackRequest} has it, like what follows
 * @param compression of the root file system of a machine
 * @param outputs what is written from the image
 * @param manifests what is written for Kubernetes, or null
 */
public record PackSettings(
    AppRequest app,
    @Nullable Path kernel,
    @Nullable Path kernelModules,
    boolean keepSignatures,
    SortedSet<String> modules,
    SortedMap<String, String> environment,
    FileTree more,
    SortedSet<Integer> ports,
    List<DataDirectory> data,
    @Nullable User user,
    List<String> commandLine,
    PackRequest.@Nullable Training training,
    Method compression,
    List<Output> outputs,
    @Nullable ManifestFile manifests) {

  /** One file, or directory, that is written. */
  public record Output(Path path, Format format) {}

  /**
   * What the packer is asked for.
   *
   * @param jdk the home of the JDK that the image's is linked from
   * @param cache a directory for what later calls can use again
   */
  public PackRequest request(Path jdk, Path huskJar, Path cache) {
    return new PackRequest(
        app,
        jdk,
        huskJar,
        cache,
        kernel,
        kernelModules,
        keepSignatures,
        modules,
        environment,
        more,
        ports,
        data,
        user,
        commandLine,
        training);
  }
}

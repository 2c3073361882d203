package dev.husk.image.link;

import dev.husk.rewriter.GroupCheck;
import dev.husk.rewriter.LoaderSupers;
import dev.husk.rewriter.SeamTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import jdk.tools.jlink.internal.PluginRepository;

/**
 * Runs {@code jlink} with Husk's plugin, in a JVM of the JDK that is linked. Arguments: husk.jar,
 * then those of {@code jlink}. A line on stdout for each thing that differs from the plan.
 */
final class JlinkMain {
  private static final String CLASS = ".class";

  /** The classes of this room that belong into {@code java.base}. */
  private static final List<String> GUEST =
      List.of(
          "dev/husk/image/guest/LinkedDefine",
          "dev/husk/image/guest/LinkedDefine$Lazy",
          "dev/husk/image/guest/LinkedDefine$Silent",
          "dev/husk/image/guest/LinkedStart",
          "dev/husk/image/guest/LinkedStart$1");

  private JlinkMain() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    Path huskJar = Path.of(args[0]);
    Map<String, byte[]> runtime = HuskJar.runtime(huskJar);
    for (String name : GUEST) {
      runtime.put(name, own(name));
    }
    SeamPlugin plugin = new SeamPlugin(served(HuskJar.seams(huskJar)), runtime);
    PluginRepository.registerPlugin(plugin);
    int status =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IOException("this JDK has no jlink"))
            .run(System.out, System.err, Arrays.copyOfRange(args, 1, args.length));
    if (status != 0) {
      System.exit(status);
    }
    for (String site : plugin.leftAlone()) {
      System.out.println("left alone: " + site);
    }
    System.out.println("rewritten: " + plugin.rewritten());
  }

  /** The groups whose call sites this JDK has. */
  private static SeamTable served(SeamTable all) {
    Set<String> groups = new TreeSet<>(all.groups());
    for (String group : all.groups()) {
      if (all.isVerified(SeamTable.runningJdk(), group)) {
        continue;
      }
      List<String> missing =
          GroupCheck.missing(all.only(Set.of(group)), group, new LoaderSupers(null));
      if (!missing.isEmpty()) {
        System.out.println("off: " + group + ": this JDK lacks call sites: " + missing);
        groups.remove(group);
      }
    }
    if (!groups.contains("threads")) {
      groups.remove("sockets");
    }
    return all.only(groups);
  }

  private static byte[] own(String name) throws IOException {
    try (InputStream in = JlinkMain.class.getClassLoader().getResourceAsStream(name + CLASS)) {
      if (in == null) {
        throw new IOException("Husk lacks its class " + name);
      }
      return in.readAllBytes();
    }
  }
}

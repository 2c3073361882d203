package dev.husk.image.link;

import dev.husk.rewriter.LoaderSupers;
import dev.husk.rewriter.SeamTable;
import dev.husk.start.Groups;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import jdk.tools.jlink.internal.PluginRepository;

/**
 * Runs {@code jlink} with Husk's plugin, in a JVM of the JDK that is linked. Arguments: husk.jar,
 * then those of {@code jlink}. A line on stdout for each thing that differs from the plan.
 */
final class JlinkMain {
  private static final String CLASS = ".class";

  /** What jlink itself takes where it is told nothing. */
  private static final String DEFAULT_FORMS =
      "jrt:/jdk.jlink/jdk/tools/jlink/internal/plugins/default_jli_trace.txt";

  /** The classes of this room that belong into {@code java.base}. */
  private static final List<String> GUEST =
      List.of(
          "dev/husk/image/guest/LinkedDefine",
          "dev/husk/image/guest/LinkedDefine$Lazy",
          "dev/husk/image/guest/LinkedDefine$Silent",
          LeftOut.GROUPS,
          "dev/husk/image/guest/LinkedStart",
          "dev/husk/image/guest/LinkedStart$1",
          "dev/husk/image/guest/LinkedTools");

  private JlinkMain() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    Path huskJar = Path.of(args[0]);
    Map<String, byte[]> runtime = HuskJar.runtime(huskJar);
    for (String name : GUEST) {
      runtime.put(name, own(name));
    }
    SeamTable seams = HuskJar.seams(huskJar);
    Groups served =
        Groups.ALL.served(
            seams,
            new LoaderSupers(null),
            (group, consequence, sites) ->
                System.out.println("off: " + group + ": this JDK lacks call sites: " + sites));
    runtime.put(LeftOut.GROUPS, LeftOut.write(own(LeftOut.GROUPS), served.names()));
    SeamPlugin plugin = new SeamPlugin(seams.only(served.names()), runtime);
    PluginRepository.registerPlugin(plugin);
    List<String> arguments = new ArrayList<>(Arrays.asList(args).subList(1, args.length));
    Path forms = Files.createTempFile("husk-forms", null);
    int status;
    try {
      Files.write(forms, forms());
      arguments.add("--generate-jli-classes=@" + forms);
      status = link(arguments);
    } finally {
      Files.delete(forms);
    }
    if (status != 0) {
      System.exit(status);
    }
    for (String site : plugin.leftAlone()) {
      System.out.println("left alone: " + site);
    }
    System.out.println("rewritten: " + plugin.rewritten());
  }

  private static int link(List<String> arguments) throws IOException {
    return ToolProvider.findFirst("jlink")
        .orElseThrow(() -> new IOException("this JDK has no jlink"))
        .run(System.out, System.err, arguments.toArray(String[]::new));
  }

  /**
   * The shapes of method handles whose code is linked in, instead of being spun when the first such
   * handle is called: the JDK's, and those of Husk's runtime, as {@code
   * -Djava.lang.invoke.MethodHandle.TRACE_RESOLVE=true} prints them.
   */
  private static List<String> forms() throws IOException {
    List<String> forms = new ArrayList<>();
    Path ofJdk = Path.of(URI.create(DEFAULT_FORMS));
    if (Files.exists(ofJdk)) {
      forms.addAll(Files.readAllLines(ofJdk));
    }
    try (InputStream in = resource("forms.txt")) {
      forms.addAll(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
    return forms;
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = JlinkMain.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("Husk lacks its file " + name);
    }
    return in;
  }

  private static byte[] own(String name) throws IOException {
    try (InputStream in = resource("/" + name + CLASS)) {
      return in.readAllBytes();
    }
  }
}

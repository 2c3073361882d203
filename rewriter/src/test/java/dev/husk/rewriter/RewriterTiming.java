package dev.husk.rewriter;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what rewriting costs a JVM, in CPU time of the thread: run it once as it is and once
 * with {@code -Xint}.
 *
 * <p>The first round is what a starting JVM pays; the last is the warm figure. Classes of {@code
 * java.base} stand for those that a group names, those of {@code jdk.compiler} for an app's.
 */
public final class RewriterTiming {

  private static final String[] KINDS = {"rejected by name", "without a name", "with sites"};

  private RewriterTiming() {}

  /** The command line: {@code [rounds]}. */
  public static void main(String[] args) throws IOException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    SeamTable table = table();
    List<String> names = new ArrayList<>();
    List<byte[]> files = new ArrayList<>();
    List<Boolean> base = new ArrayList<>();
    read("java.base/java/util/concurrent", 400, true, names, files, base);
    read("java.base/java/lang", 1000, true, names, files, base);
    read("jdk.compiler/com/sun/tools/javac", 1000, false, names, files, base);
    read("java.naming", 500, false, names, files, base);

    // Sorted without running what is measured.
    int[] kinds = new int[files.size()];
    int[] count = new int[KINDS.length];
    for (int i = 0; i < kinds.length; i++) {
      String text = new String(files.get(i), StandardCharsets.ISO_8859_1);
      boolean inScope = !base.get(i) || names.get(i).startsWith("java/util/concurrent/");
      boolean site = text.contains("currentThread") && text.contains("()Ljava/lang/Thread;");
      kinds[i] = !inScope ? 0 : site ? 2 : 1;
      count[kinds[i]]++;
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadCpuTime();
    long start = threads.getCurrentThreadCpuTime();
    Rewriter rewriter = new Rewriter(table);
    System.out.printf("set up: %.2f ms%n", (threads.getCurrentThreadCpuTime() - start) / 1e6);
    for (int round = 1; round <= rounds; round++) {
      StringBuilder line = new StringBuilder("round " + round + ":");
      long total = 0;
      for (int kind = 0; kind < KINDS.length; kind++) {
        long t = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < kinds.length; i++) {
          if (kinds[i] == kind) {
            rewriter.rewrite(names.get(i), base.get(i), files.get(i), SiteListener.NONE);
          }
        }
        t = threads.getCurrentThreadCpuTime() - t;
        total += t;
        line.append(
            String.format(" %s %d x %.2f us,", KINDS[kind], count[kind], t / 1e3 / count[kind]));
      }
      if (round <= 3 || round == rounds) {
        System.out.printf("%s in all %.1f ms%n", line, total / 1e6);
      }
    }
  }

  private static SeamTable table() {
    String seam = "dev/husk/runtime/Sample.";
    String thread = "Ljava/lang/Thread;";
    List<Seam> seams = new ArrayList<>();
    seams.add(
        Seams.call(
            "java/lang/Thread.currentThread",
            seam + "currentThread",
            "()" + thread,
            "APP",
            "java.util.concurrent.**",
            "java.lang.Thread#<init>"));
    String[] names = {"join", "getState", "isAlive", "interrupt", "setPriority", "onSpinWait"};
    for (String name : names) {
      seams.add(
          Seams.call(
              "java/lang/Thread." + name, seam + name, "(" + thread + ")V", "java.lang.Thread"));
    }
    for (int i = 0; i < 60; i++) {
      seams.add(
          Seams.call("sun/nio/ch/Net.native" + i, seam + "n" + i, "(II)I", "sun.nio.ch.Net" + i));
    }
    seams.add(
        Seams.construct(
            "java/lang/Object", seam + "object", "()Ljava/lang/Object;", "java.lang.Thread"));
    return SeamTable.of(seams);
  }

  private static void read(
      String where,
      int most,
      boolean inJavaBase,
      List<String> names,
      List<byte[]> files,
      List<Boolean> base)
      throws IOException {
    FileSystem jrt = FileSystems.getFileSystem(URI.create("jrt:/"));
    Path modules = jrt.getPath("/modules");
    List<Path> found;
    try (Stream<Path> walk = Files.walk(modules.resolve(where))) {
      found =
          walk.filter(f -> f.toString().endsWith(".class"))
              .filter(f -> !f.toString().endsWith("-info.class"))
              .sorted()
              .limit(most)
              .toList();
    }
    for (Path file : found) {
      String name = file.toString();
      name = name.substring(name.indexOf('/', "/modules/".length()) + 1, name.length() - 6);
      names.add(name);
      files.add(Files.readAllBytes(file));
      base.add(inJavaBase);
    }
  }
}

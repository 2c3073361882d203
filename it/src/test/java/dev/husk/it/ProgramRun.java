package dev.husk.it;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program of {@code dev.husk.it.scenarios} on one side.
 *
 * <p>A case that makes no progress is a hang: the run takes a thread dump, kills the JVM and starts
 * the program again behind that case, so that one hang doesn't hide the cases after it.
 */
final class ProgramRun {
  private static final long CASE_MILLIS = 40_000;
  private static final long EXIT_MILLIS = 10_000;
  private static final int MAX_RESTARTS = 5;

  private final Side side;
  private final String program;
  private final String where;
  private final List<String> jvmArguments;
  private final Transcript transcript = new Transcript();
  private volatile long lastProgress;

  ProgramRun(Side side, String program, String where, List<String> jvmArguments) {
    this.side = side;
    this.program = program;
    this.where = where;
    this.jvmArguments = jvmArguments;
  }

  Transcript run() throws InterruptedException {
    String after = "-";
    for (int i = 0; after != null && i <= MAX_RESTARTS; i++) {
      after = runFrom(after, "");
    }
    return transcript;
  }

  /** Runs one case alone. */
  Transcript run(String only) throws InterruptedException {
    runFrom("-", only);
    return transcript;
  }

  /**
   * Runs the cases behind the given one, or the only one that is named; the case at which the child
   * broke off, or null.
   */
  private String runFrom(String after, String only) throws InterruptedException {
    lastProgress = System.nanoTime();
    try (Child child = Child.start(side, jvmArguments, this::onLine, program, where, after, only)) {
      boolean ended = false;
      String dump = "";
      while (!ended) {
        ended = child.ends(20);
        boolean done = child.out().contains("#. done");
        long limit = done ? EXIT_MILLIS : CASE_MILLIS;
        if (!ended && System.nanoTime() - lastProgress > TimeUnit.MILLISECONDS.toNanos(limit)) {
          dump = child.threadDump();
          child.process().destroyForcibly();
          child.ends(5_000);
          break;
        }
      }
      String status = ended ? "exit " + child.process().exitValue() : "HANG";
      return collect(child.out(), child.err(), status, dump);
    }
  }

  private void onLine(String line) {
    if (line.startsWith("#")) {
      lastProgress = System.nanoTime();
    }
  }

  private String collect(List<String> out, List<String> err, String status, String dump) {
    String broken = null;
    boolean done = false;
    List<String> section = new ArrayList<>();
    for (String line : out) {
      if (line.startsWith("#> ")) {
        broken = line.substring(3);
        // What a daemon of the case before printed late belongs to nobody.
        section = new ArrayList<>();
      } else if (line.startsWith("#< ") && broken != null) {
        transcript.put(
            broken,
            new Transcript.Entry(
                Text.normalised(section), Text.normalised(section(err, broken)), ""));
        broken = null;
      } else if (line.startsWith("#. ")) {
        done = true;
        section = new ArrayList<>();
      } else {
        section.add(line);
      }
    }
    if (broken != null) {
      section.add(status);
      transcript.put(
          broken,
          new Transcript.Entry(
              Text.normalised(section), Text.normalised(section(err, broken)), dump));
      return broken;
    }
    section.add(status + (done ? "" : " before the cases were done"));
    List<String> rest = new ArrayList<>();
    if (!done) {
      rest.addAll(err);
    }
    transcript.put(
        Transcript.EXIT,
        new Transcript.Entry(Text.normalised(section), Text.normalised(rest), dump));
    return null;
  }

  private static List<String> section(List<String> err, String name) {
    int begin = err.indexOf("#> " + name);
    if (begin < 0) {
      return List.of();
    }
    List<String> rest = err.subList(begin + 1, err.size());
    int end = rest.indexOf("#< " + name);
    return end < 0 ? rest : rest.subList(0, end);
  }
}

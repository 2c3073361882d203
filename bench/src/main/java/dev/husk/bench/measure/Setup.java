package dev.husk.bench.measure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to measure, the same for every benchmark of a run.
 *
 * @param java the {@code java} launcher of the measured JVMs
 * @param classPath their class path
 * @param agent Husk's jar, null when there is none; then the Husk variants are left out
 * @param agentOptions what follows {@code =} after the jar, "" for nothing
 * @param jvmArgs arguments of every measured JVM
 * @param rounds how often each variant is measured
 * @param measure the measured time of one round of one variant
 * @param warmUp the time under load before the first measured round
 */
public record Setup(
    Path java,
    String classPath,
    @Nullable Path agent,
    String agentOptions,
    List<String> jvmArgs,
    int rounds,
    Duration measure,
    Duration warmUp) {

  /** The measured time in whole seconds, at least 1. */
  public int measureSeconds() {
    return (int) Math.max(1, measure.toSeconds());
  }
}

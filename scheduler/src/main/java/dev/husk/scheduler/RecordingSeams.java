package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.jdk.Trusted;
import dev.husk.runtime.seam.Replaces;
import java.lang.invoke.MethodHandle;

/**
 * The seams that tell when a flight recording begins and when the last one ends, so that nothing of
 * the flight recorder is loaded, nor asked, before. Optional: an image may lack {@code jdk.jfr}.
 */
public final class RecordingSeams {
  private static final String VM = "jdk.jfr.internal.JVM";
  private static final String RECORDER = "jdk.jfr.internal.PlatformRecorder";

  private RecordingSeams() {}

  /** Events are made known to the recorder now, before it applies the recording's settings. */
  @Replaces(
      type = VM,
      method = "beginRecording",
      descriptor = "()V",
      in = RECORDER,
      optional = true,
      group = THREADS)
  public static void begin() {
    try {
      Vm.BEGIN.invokeExact();
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
    SlowCases.recording(true);
  }

  @Replaces(
      type = VM,
      method = "endRecording",
      descriptor = "()V",
      in = RECORDER,
      optional = true,
      group = THREADS)
  public static void end() {
    SlowCases.recording(false);
    try {
      Vm.END.invokeExact();
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** Loads the recorder's access to the VM where the module is there. */
  static void lookForRecording() {
    if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      return;
    }
    boolean runs;
    try {
      runs = (boolean) Trusted.ofStatic(Jdk.find(VM), "isRecording", boolean.class).invokeExact();
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
    if (runs) {
      SlowCases.recording(true);
    }
  }

  private static final class Vm {
    private static final Class<?> JVM = Jdk.find(VM);
    static final MethodHandle BEGIN = Trusted.ofStatic(JVM, "beginRecording", void.class);
    static final MethodHandle END = Trusted.ofStatic(JVM, "endRecording", void.class);
  }
}

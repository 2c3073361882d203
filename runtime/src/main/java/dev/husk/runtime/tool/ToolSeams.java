package dev.husk.runtime.tool;

import static dev.husk.runtime.seam.Group.TOOLS;

import dev.husk.runtime.jdk.Trusted;
import dev.husk.runtime.seam.Replaces;
import java.lang.invoke.MethodHandle;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The seam where the app first gets the platform's MBean server, and those where a flight recording
 * begins and the last one ends. All of them are optional: an image may lack {@code java.management}
 * and {@code jdk.jfr}.
 */
public final class ToolSeams {
  private static final String VM = "jdk.jfr.internal.JVM";
  private static final String RECORDER = "jdk.jfr.internal.PlatformRecorder";

  private static volatile @Nullable ToolObserver observer;

  /**
   * What came before there was somebody to tell: in a linked JDK the seams are in from the start.
   */
  private static volatile boolean server;

  private static volatile boolean recording;

  private ToolSeams() {}

  /** Sets who is told, and tells what there was before; both may be told twice. */
  public static void observe(ToolObserver observer) {
    ToolSeams.observer = observer;
    if (server) {
      observer.mbeanServerCreated();
    }
    if (recording) {
      observer.recordingStarts();
    }
  }

  /** The platform's beans are in place: the driver adds Husk's. */
  @Replaces(
      type = "java.util.stream.Stream",
      method = "forEach",
      in = "java.lang.management.ManagementFactory#getPlatformMBeanServer",
      optional = true,
      group = TOOLS)
  public static <T> void registerAll(Stream<T> beans, Consumer<? super T> register) {
    beans.forEach(register);
    server = true;
    ToolObserver observer = ToolSeams.observer;
    if (observer != null) {
      observer.mbeanServerCreated();
    }
  }

  /** Events are made known to the recorder now, before it applies the recording's settings. */
  @Replaces(
      type = VM,
      method = "beginRecording",
      descriptor = "()V",
      in = RECORDER,
      optional = true,
      group = TOOLS)
  public static void begin() {
    call(Vm.BEGIN);
    recording = true;
    recordingStarts();
  }

  @Replaces(
      type = VM,
      method = "endRecording",
      descriptor = "()V",
      in = RECORDER,
      optional = true,
      group = TOOLS)
  public static void end() {
    recording = false;
    ToolObserver observer = ToolSeams.observer;
    if (observer != null) {
      observer.recordingEnds();
    }
    call(Vm.END);
  }

  /** Looks for a flight recording that runs already; for a driver that is attached. */
  public static void lookForRecording() {
    // Loads the recorder's access to the VM, where the module is there.
    if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      return;
    }
    boolean runs;
    try {
      runs = (boolean) Trusted.ofStatic(find(VM), "isRecording", boolean.class).invokeExact();
    } catch (Throwable e) {
      throw rethrow(e);
    }
    if (runs) {
      recordingStarts();
    }
  }

  private static void recordingStarts() {
    ToolObserver observer = ToolSeams.observer;
    if (observer != null) {
      observer.recordingStarts();
    }
  }

  private static void call(MethodHandle handle) {
    try {
      handle.invokeExact();
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  private static Class<?> find(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static RuntimeException rethrow(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }

  private static final class Vm {
    private static final Class<?> JVM = find(VM);
    static final MethodHandle BEGIN = Trusted.ofStatic(JVM, "beginRecording", void.class);
    static final MethodHandle END = Trusted.ofStatic(JVM, "endRecording", void.class);
  }
}

package dev.husk.image.app;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks to have packed.
 *
 * @param paths one jar, war or directory that tells its main class, or a class path; a last element
 *     {@code *} stands for all jars of a directory
 * @param mainClass the main class, dotted; null to have it found
 * @param jvmOptions options of the JVM, each one word
 * @param args arguments of the app
 * @param files files and directories to lie in its working directory under their own names
 */
public record AppRequest(
    List<Path> paths,
    @Nullable String mainClass,
    List<String> jvmOptions,
    List<String> args,
    List<Path> files) {

  /** The parts of what a user writes: a path, or a class path with the system's separator. */
  public static List<Path> paths(String app) {
    return Stream.of(app.split(File.pathSeparator))
        .filter(part -> !part.isEmpty())
        .map(Path::of)
        .toList();
  }

  /** One that tells its main class itself, without options and arguments. */
  public static AppRequest of(Path path) {
    return new AppRequest(List.of(path), null, List.of(), List.of(), List.of());
  }

  /** A class path and a main class. */
  public static AppRequest of(List<Path> classPath, String mainClass) {
    return new AppRequest(List.copyOf(classPath), mainClass, List.of(), List.of(), List.of());
  }
}

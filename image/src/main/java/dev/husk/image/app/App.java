package dev.husk.image.app;

import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.util.List;

/**
 * An app as it lies in an image. All of it is below {@link #DIRECTORY}, which is also its working
 * directory.
 *
 * @param name for people: the name of what was given
 * @param mainClass dotted; it has a main method
 * @param files all files of the app, by their paths in the image
 * @param classPath paths of jars in the image, in order. Classes in directories become jars, since
 *     an AOT cache knows no directories
 * @param jvmOptions what the user said, after what the manifest of an executable jar asks for
 * @param warnings what was found odd and may be right, a line each
 */
public record App(
    String name,
    Kind kind,
    String mainClass,
    FileTree files,
    List<String> classPath,
    List<String> jvmOptions,
    List<String> args,
    List<String> warnings) {

  /** Where an app lies in an image: {@code /app}. */
  public static final String DIRECTORY = "app";

  /** What was given. */
  public enum Kind {
    EXECUTABLE_JAR("executable jar"),
    CLASS_PATH("class path"),
    SPRING_BOOT("Spring Boot app"),
    EXECUTABLE_WAR("executable war"),
    DIRECTORY("directory");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** For people. */
    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * Understands what was given.
   *
   * @throws AppException if it can't be packed
   * @throws IOException if a file can't be read
   */
  public static App of(AppRequest request) throws IOException {
    return new AppReader(request).read();
  }
}

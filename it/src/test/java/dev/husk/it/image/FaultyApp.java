package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An app that fails as it is told to by the variable FAULT, and jars of it that are wrong. */
final class FaultyApp {
  private static final String CLASS = "app/Faulty.class";
  private static final int MAJOR_VERSION = 7; // its lower byte, in a class file

  private static final String SOURCE =
      """
      package app;

      import java.nio.file.Files;
      import java.nio.file.Path;

      public class Faulty {
        public static void main(String[] args) throws Exception {
          String fault = System.getenv().getOrDefault("FAULT", "none");
          System.out.println("fault: " + fault);
          switch (fault) {
            case "throw" -> throw new IllegalStateException("thrown on purpose");
            case "panic" -> Files.writeString(Path.of("/proc/sysrq-trigger"), "c");
            case "read" -> System.out.println(Files.readAllBytes(Path.of("payload")).length);
            case "fill" -> {
              // File systems in memory, each of up to half of it.
              for (String directory : new String[] {"/tmp", "/dev/shm", "/run"}) {
                try (var out = Files.newOutputStream(Path.of(directory, "filler"))) {
                  while (true) {
                    out.write(new byte[1 << 16]);
                  }
                } catch (java.io.IOException e) {
                  System.out.println(e);
                }
              }
            }
            case "wait" -> {
              Thread hook = new Thread(() -> System.out.println("the hook ran"));
              Runtime.getRuntime().addShutdownHook(hook);
              System.out.println("waiting");
              Thread.sleep(Long.MAX_VALUE);
            }
            default -> System.exit(3);
          }
        }
      }
      """;

  private FaultyApp() {}

  static Path jar(Path to) throws IOException {
    return write(to, files(to));
  }

  /** One whose class is of another version than any JVM knows. */
  static Path ofVersion(Path to, int version) throws IOException {
    Map<String, byte[]> files = files(to);
    files.get(CLASS)[MAJOR_VERSION] = (byte) version;
    return write(to, files);
  }

  /** One with a library of the JDK in it that needs another than it does; the names are as long. */
  static Path withLibrary(Path to, String needed, String missing) throws IOException {
    Map<String, byte[]> files = files(to);
    Path library = Path.of(System.getProperty("java.home"), "lib/libnio.so");
    String bytes = Files.readString(library, StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains("\0" + needed + "\0"), library + " doesn't need " + needed);
    assertEquals(needed.length(), missing.length());
    files.put(
        "libnio.so",
        bytes
            .replace("\0" + needed + "\0", "\0" + missing + "\0")
            .getBytes(StandardCharsets.ISO_8859_1));
    return write(to, files);
  }

  private static Map<String, byte[]> files(Path beside) throws IOException {
    return Jars.compiled(beside, CLASS, SOURCE);
  }

  private static Path write(Path jar, Map<String, byte[]> files) throws IOException {
    return Jars.write(jar, CLASS, files);
  }
}

package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Broken class files: whatever comes in, nothing is thrown and an answer comes soon. */
final class FuzzTest {

  private static final String T = "Lapp/Target;";

  private final Rewriter rewriter =
      new Rewriter(
          SeamTable.of(
              List.of(
                  Seams.call("app/Target.twice", "app/Served.twice", "(I)I", "APP"),
                  Seams.call("app/Target.current", "app/Served.current", "()" + T, "APP"),
                  Seams.call("app/Target.plus", "app/Served.plus", "(" + T + "IJ)J", "APP"),
                  Seams.call("app/Doer.go", "app/Served.go", "(Lapp/Doer;I)I", "APP"),
                  Seams.read("app/Target.value", "app/Served.value", "(" + T + ")I", "APP"),
                  Seams.construct("app/Target", "app/Served.create", "(I)" + T, "APP"))));

  private int answers;
  private int failures;

  private final SiteListener listener =
      new SiteListener() {
        @Override
        public void failed(@Nullable String className, Throwable cause) {
          failures++;
        }
      };

  private void feed(byte[] file, Random random) {
    // Supers are as broken as the class itself.
    Supers supers =
        name -> name.startsWith("app/") && random.nextBoolean() ? file : Rewriting.read(name);
    byte[] out = rewriter.rewrite("app/Fuzzed", false, file, supers, listener);
    if (out != null) {
      answers++;
      assertTrue(out.length > file.length);
    }
  }

  private static List<byte[]> corpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (String name : List.of("Calls", "Constructions", "Handles", "SubSub", "AppDoer")) {
      corpus.add(Rewriting.read("app/" + name));
    }
    return corpus;
  }

  @Test
  void mutatedClassFilesNeverThrowOutAndNeverHang() {
    int rounds = Integer.getInteger("husk.fuzz", 40_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60 + rounds / 1000),
        () -> {
          for (byte[] original : corpus()) {
            for (int seed = 0; seed < rounds / 5; seed++) {
              Random random = new Random(seed);
              byte[] file = original.clone();
              int changes = 1 + random.nextInt(4);
              for (int i = 0; i < changes; i++) {
                file[8 + random.nextInt(file.length - 8)] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) random.nextInt(4);
              }
              feed(file, random);
            }
          }
        });
    assertTrue(answers > 0 && failures > 0, answers + " rewritten, " + failures + " refused");
  }

  @Test
  void cutClassFilesAreRefused() {
    Random random = new Random(1);
    for (byte[] original : corpus()) {
      for (int length = 0; length < original.length; length++) {
        feed(Arrays.copyOf(original, length), random);
      }
    }
    assertTrue(failures > 0);
  }

  @Test
  void noiseIsRefused() {
    Random random = new Random(2);
    for (int i = 0; i < 5_000; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      feed(noise, random);
    }
    assertEquals(0, answers);
  }

  @Test
  void anInheritanceInCirclesEnds() {
    byte[] subSub = Rewriting.read("app/SubSub");
    assertEquals(null, rewriter.rewrite("app/Fuzzed", false, subSub, name -> subSub, listener));
  }

  @Test
  void aSupersThatThrowsIsReported() {
    byte[] subSub = Rewriting.read("app/SubSub");
    Supers broken =
        name -> {
          throw new IllegalStateException("a class loader of the app");
        };
    assertEquals(null, rewriter.rewrite("app/SubSub", false, subSub, broken, listener));
    assertEquals(1, failures);
  }
}

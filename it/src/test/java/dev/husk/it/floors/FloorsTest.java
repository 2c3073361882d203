package dev.husk.it.floors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A room that imports upwards fails the build; so do the rules' own failures to notice. */
class FloorsTest {
  private static final House HUSK = new House("dev.husk");
  private static final House CROOKED = new House("dev.husk.it.floors.crooked");

  private static JavaClasses husk;
  private static JavaClasses crooked;

  @BeforeAll
  static void read() throws IOException {
    List<Path> modules = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(Path.of(".."))) {
      for (Path child : children) {
        Path classes = child.resolve("target/classes");
        if (Files.exists(child.resolve("pom.xml")) && Files.isDirectory(classes)) {
          modules.add(classes);
        }
      }
    }
    husk = new ClassFileImporter().importPaths(modules);
    crooked = new ClassFileImporter().importPackages("dev.husk.it.floors.crooked");
  }

  @Test
  void theWholeHouseIsRead() {
    for (String room : List.of("runtime", "scheduler", "rewriter", "agent")) {
      assertTrue(
          husk.stream().anyMatch(c -> c.getPackageName().startsWith("dev.husk." + room)), room);
    }
  }

  @Test
  void everyClassHasARoom() {
    HUSK.everyClassHasARoom().check(husk);
  }

  @Test
  void importsGoDown() {
    HUSK.importsGoDown().check(husk);
  }

  @Test
  void bootRoomsNeedOnlyJavaBase() {
    HUSK.bootRoomsNeedOnlyJavaBase().check(husk);
  }

  @Test
  void rewriterNeedsOnlyAsm() {
    HUSK.rewriterNeedsOnlyAsm().check(husk);
  }

  @Test
  void anImportUpwardsIsNoticed() {
    assertViolations(CROOKED.importsGoDown(), "runtime imports from scheduler");
  }

  @Test
  void anImportFromTheSameFloorIsNoticed() {
    assertViolations(CROOKED.importsGoDown(), "rewriter imports from scheduler");
  }

  @Test
  void anImportFromTheGardenIsNoticed() {
    assertViolations(CROOKED.importsGoDown(), "scheduler imports from bench");
  }

  @Test
  void importsDownwardsAndFromTheGardenAreNotViolations() {
    List<String> details = details(CROOKED.importsGoDown());
    assertEquals(
        List.of(),
        details.stream()
            .filter(d -> d.startsWith("bench") || d.startsWith("scheduler imports from runtime"))
            .toList());
  }

  @Test
  void aBootRoomThatNeedsMoreThanJavaBaseIsNoticed() {
    assertViolations(CROOKED.bootRoomsNeedOnlyJavaBase(), "java.util.logging.Logger");
    assertViolations(CROOKED.bootRoomsNeedOnlyJavaBase(), "crooked.bench.Benchmark");
  }

  @Test
  void aRewriterThatKnowsTheSchedulerIsNoticed() {
    assertViolations(CROOKED.rewriterNeedsOnlyAsm(), "crooked.scheduler.Carrier");
  }

  @Test
  void aClassWithoutARoomIsNoticed() {
    assertViolations(new House("dev.husk.it").everyClassHasARoom(), "is in no room of the house");
  }

  private static void assertViolations(ArchRule rule, String part) {
    List<String> details = details(rule);
    assertTrue(details.stream().anyMatch(d -> d.contains(part)), () -> part + " in " + details);
  }

  private static List<String> details(ArchRule rule) {
    return rule.evaluate(crooked).getFailureReport().getDetails();
  }
}

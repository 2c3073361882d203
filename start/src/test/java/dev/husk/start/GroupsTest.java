package dev.husk.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.rewriter.Seam;
import dev.husk.rewriter.SeamTable;
import dev.husk.rewriter.Supers;
import dev.husk.runtime.config.OptionException;
import dev.husk.runtime.config.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which groups are in. */
final class GroupsTest {
  private static Groups of(String options) throws OptionException {
    return Groups.of(Options.parse(options, new Properties()));
  }

  @Test
  void areWhatTheUserWants() throws OptionException {
    assertEquals(Groups.ALL, of(""));
    assertEquals(new Groups(false, false, true), of("threads=off"));
    assertEquals(new Groups(true, false, false), of("sockets=off,memory=off"));
    assertTrue(of("threads=off,memory=checked").any());
    assertFalse(of("threads=off,memory=off").any());
  }

  @Test
  void haveTheNamesOfTheSeamTable() {
    assertEquals(Set.of("threads", "sockets", "memory", "tools"), Groups.ALL.names());
    assertEquals(Set.of("memory", "tools"), new Groups(false, true, true).names());
    assertEquals(Set.of(), new Groups(false, false, false).names());
  }

  @Test
  void withoutTheirCallSitesAreOutAndSoIsWhatStandsOnThem() {
    List<String> told = new ArrayList<>();
    assertEquals(
        new Groups(false, false, true),
        Groups.ALL.served(
            SeamTable.of(List.of(seam("threads"))),
            Supers.NONE,
            (group, consequence, sites) ->
                told.add(group + ": " + consequence + " " + sites.size())));
    assertEquals(List.of("threads: threads stay on the platform 1"), told);
    Groups noThreads = new Groups(false, false, true);
    assertEquals(
        noThreads,
        noThreads.served(
            SeamTable.of(List.of(seam("threads"))),
            Supers.NONE,
            (group, consequence, sites) -> {
              throw new AssertionError("a group that isn't wanted isn't looked at");
            }));
    assertEquals(noThreads, Groups.ALL.and(noThreads));
  }

  /** Of a class that no JDK has. */
  private static Seam seam(String group) {
    return new Seam(
        group,
        false,
        Seam.Shape.CALL,
        "java/lang/Nothing",
        "go",
        "",
        "dev/husk/Seams",
        "go",
        "()V",
        List.of("java.lang.Nothing"),
        List.of());
  }
}

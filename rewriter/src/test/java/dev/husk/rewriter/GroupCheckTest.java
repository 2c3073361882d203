package dev.husk.rewriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a JDK, here the classes of {@code app}, has what a group needs. */
final class GroupCheckTest {

  private static Seam twice(String... in) {
    return Seams.call("app/Target.twice", "app/Served.twice", "(I)I", in);
  }

  private static List<String> missing(Seam... seams) {
    return GroupCheck.missing(SeamTable.of(List.of(seams)), "threads", Rewriting.CLASS_PATH);
  }

  @Test
  void nothingIsMissingWhereEachNamedPlaceHasASite() {
    assertEquals(
        List.of(),
        missing(
            twice("app.Calls", "app.Calls#staticCall", "app.AppDoer"),
            Seams.call("app/Target.current", "app/Served.current", "()Lapp/Target;", "app.Sub")));
  }

  @Test
  void aNamedMethodWithoutASiteIsMissing() {
    List<String> missing = missing(twice("app.Calls", "app.Calls#virtualCall"));
    assertEquals(1, missing.size());
    assertTrue(missing.get(0).startsWith("app.Calls#virtualCall has no site of"), missing.get(0));
  }

  @Test
  void aNamedClassWithoutASiteOrWithoutAFileIsMissing() {
    List<String> missing = missing(twice("app.Sub", "app.Gone"));
    assertEquals(2, missing.size());
    assertTrue(missing.get(0).startsWith("app.Sub has no site of"), missing.get(0));
    assertTrue(missing.get(1).startsWith("there is no app.Gone"), missing.get(1));
  }

  @Test
  void aTargetThatItsClassDoesNotDeclareIsMissing() {
    List<String> missing =
        missing(Seams.call("app/Target.thrice", "app/Served.twice", "(I)I", "APP"));
    assertEquals(1, missing.size());
    assertTrue(missing.get(0).startsWith("app.Target doesn't declare"), missing.get(0));
  }

  @Test
  void aSiteThatMustBeLeftAloneIsMissing() {
    Seam create =
        Seams.construct(
            "app/Target", "app/Served.create", "(I)Lapp/Target;", "app.Constructions#branching");
    List<String> missing = missing(create);
    assertEquals(1, missing.size());
    assertTrue(missing.get(0).contains("can't be rewritten: its arguments branch"), missing.get(0));
  }

  @Test
  void optionalSeamsAndOtherGroupsAreNotAsked() {
    assertEquals(List.of(), missing(Seams.optional(twice("app.Gone"))));
    SeamTable table = SeamTable.of(List.of(twice("app.Gone")));
    assertEquals(List.of(), GroupCheck.missing(table, "sockets", Rewriting.CLASS_PATH));
  }

  @Test
  void aClassFileThatCannotBeReadIsMissing() {
    List<String> missing =
        GroupCheck.missing(
            SeamTable.of(List.of(twice("app.Broken"))),
            "threads",
            name -> name.equals("app/Broken") ? new byte[30] : Rewriting.read(name));
    assertEquals(1, missing.size());
  }
}

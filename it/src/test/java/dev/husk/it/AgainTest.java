package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A difference counts when it shows again. */
final class AgainTest {
  private int runs;

  private Transcript answer(String name, String answer) {
    Transcript transcript = new Transcript();
    transcript.put(name, new Transcript.Entry(List.of(answer), List.of(), ""));
    return transcript;
  }

  @Test
  void oneThatShowsInAnyRunCounts() throws Exception {
    List<String> lasting =
        Again.lasting(
            List.of("odd:\n  stdout"),
            Side.HUSK,
            (side, only) -> answer(only, side == Side.HUSK && runs++ == 3 ? "b" : "a"));
    assertEquals(List.of("odd:\n  stdout"), lasting);
    assertEquals(4, runs);
  }

  @Test
  void oneWhoseCaseDoesNotRunCounts() throws Exception {
    assertEquals(
        List.of("gone: x"),
        Again.lasting(List.of("gone: x"), Side.HUSK, (side, only) -> new Transcript()));
  }

  @Test
  void whatIsNoCaseCounts() throws Exception {
    assertEquals(
        List.of("~exit: x"),
        Again.lasting(
            List.of("~exit: x"),
            Side.HUSK,
            (side, only) -> {
              throw new AssertionError("run");
            }));
  }

  @Test
  void oneThatDoesNotShowAgainIsOnlyListed() throws Exception {
    Assumptions.assumeFalse(Boolean.getBoolean("husk.long"));
    List<String> noted = new ArrayList<>();
    assertEquals(
        List.of(),
        Again.lasting(
            List.of("once: x"), Side.HUSK, (side, only) -> answer(only, "a"), noted::add));
    assertEquals(List.of("HUSK once: x"), noted);
  }
}

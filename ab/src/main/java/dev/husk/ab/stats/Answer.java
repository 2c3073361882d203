package dev.husk.ab.stats;

import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.Variant;
import dev.husk.ab.stats.Comparison.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Says what was found: a sentence per comparison, and a few about the headline figures. */
final class Answer {
  private final Results results;
  private final Words words;

  /** A variant's first round that went wrong by its own fault. */
  private final Map<String, Round> blamed = new LinkedHashMap<>();

  Answer(Results results) {
    this.results = results;
    words = new Words(results);
    for (Round round : results.rounds()) {
      if (Words.blames(round)) {
        blamed.putIfAbsent(round.variant(), round);
      }
    }
  }

  boolean isBlamed(String variant) {
    return blamed.containsKey(variant);
  }

  /** One comparison in a sentence. */
  String sentence(Claim claim) {
    String base = claim.comparison().base();
    String other = claim.comparison().other();
    String topic = words.topic(claim.figure());
    String effect = claim.effect();
    return switch (claim.comparison().verdict()) {
      case BETTER, WORSE -> other + " " + difference(claim, " of " + base) + ".";
      case NO_DIFFERENCE ->
          other + " shows no difference from " + base + " in " + topic + ": " + effect + ".";
      case TOO_NOISY ->
          "The machine was too noisy to say whether %s differs from %s in %s: %s."
              .formatted(other, base, topic, effect);
      case TOO_FEW_ROUNDS ->
          claim.isMeasured()
              ? tooFew(claim) + " So far it comes to " + effect + " in " + topic + "."
              : "No verdict on " + topic + ": it was not measured for " + unmeasured(claim) + ".";
      case FAILED -> failed(other);
      case NO_BASE -> noBase(base, other);
    };
  }

  /** The verdict of the run, a line for each other variant. */
  String verdict(List<Claim> claims) {
    List<String> sentences = new ArrayList<>();
    if (results.variants().size() < 2) {
      sentences.add("Fewer than two variants: there is nothing to compare.");
    } else if (results.rounds().isEmpty()) {
      sentences.add("No round was run, so that there is no verdict.");
    } else {
      for (Variant other : results.variants().subList(1, results.variants().size())) {
        List<Claim> headline =
            results.headline().stream()
                .flatMap(
                    id ->
                        claims.stream()
                            .filter(claim -> claim.figure().id().equals(id))
                            .filter(claim -> claim.comparison().other().equals(other.name())))
                .toList();
        sentences.add(String.join(" ", about(other.name(), headline)));
      }
    }
    if (!results.complete()) {
      sentences.add("The run didn't come to its end: this is partial.");
    }
    return String.join("\n", sentences);
  }

  private List<String> about(String other, List<Claim> headline) {
    String base = results.variants().getFirst().name();
    if (isBlamed(base)) {
      return List.of(noBase(base, other));
    }
    if (isBlamed(other)) {
      return List.of(failed(other));
    }
    List<Claim> decided =
        headline.stream()
            .filter(claim -> claim.is(Verdict.BETTER) || claim.is(Verdict.WORSE))
            .toList();
    List<Claim> same = headline.stream().filter(claim -> claim.is(Verdict.NO_DIFFERENCE)).toList();
    List<Claim> noisy = headline.stream().filter(claim -> claim.is(Verdict.TOO_NOISY)).toList();
    List<Claim> few =
        headline.stream()
            .filter(claim -> claim.is(Verdict.TOO_FEW_ROUNDS) && claim.isMeasured())
            .toList();
    List<Claim> unmeasured = headline.stream().filter(claim -> !claim.isMeasured()).toList();

    List<String> sentences = new ArrayList<>();
    if (!decided.isEmpty() || !same.isEmpty()) {
      List<String> predicates = new ArrayList<>();
      for (Claim claim : decided) {
        predicates.add(difference(claim, predicates.isEmpty() ? " of " + base : ""));
      }
      if (!same.isEmpty()) {
        predicates.add(
            "shows no difference"
                + (predicates.isEmpty() ? " from " + base : "")
                + " in "
                + Words.join(topics(same, Claim::aside)));
      }
      sentences.add(other + " " + Words.join(predicates) + ".");
    }
    if (!noisy.isEmpty()) {
      sentences.add(
          "The machine was too noisy to say whether %s differs from %s in %s."
              .formatted(other, base, Words.join(topics(noisy, Claim::aside))));
    }
    if (!few.isEmpty()) {
      sentences.add(tooFew(few.getFirst()));
      sentences.add(
          "So far it comes to "
              + Words.join(
                  few.stream().map(claim -> claim.effect() + " in " + topic(claim)).toList())
              + ".");
    }
    if (!unmeasured.isEmpty()) {
      sentences.add(
          "No verdict on "
              + Words.join(topics(unmeasured, claim -> ""))
              + ": not measured for "
              + unmeasured(unmeasured.getFirst())
              + ".");
    }
    if (sentences.isEmpty()) {
      sentences.add("No verdict on " + other + ": the run has no headline figures.");
    }
    return sentences;
  }

  private List<String> topics(List<Claim> claims, Function<Claim, String> after) {
    return claims.stream().map(claim -> topic(claim) + after.apply(claim)).toList();
  }

  private String topic(Claim claim) {
    return words.topic(claim.figure());
  }

  /** What the other does that the base doesn't, as it goes on after the other's name. */
  private String difference(Claim claim, String of) {
    return Double.isNaN(claim.comparison().ratio())
        ? "has " + claim.effect() + of + " in " + topic(claim)
        : words.does(claim.figure(), claim.effect(), of);
  }

  private static String tooFew(Claim claim) {
    return "%s of %s and %d of %s are too few for a verdict: 4 of each are the fewest."
        .formatted(
            Words.count(claim.base().rounds().size(), "round"),
            claim.comparison().base(),
            claim.other().rounds().size(),
            claim.comparison().other());
  }

  private static String unmeasured(Claim claim) {
    return Words.join(
        Stream.of(claim.base(), claim.other())
            .filter(summary -> summary.rounds().isEmpty())
            .map(Summary::variant)
            .toList());
  }

  private String failed(String other) {
    return other + " failed, which no speed outweighs: " + failure(other) + ".";
  }

  private String noBase(String base, String other) {
    return "%s itself failed, so that there is nothing to compare %s with: %s."
            .formatted(base, other, failure(base))
        + (isBlamed(other) ? " " + other + " failed as well: " + failure(other) + "." : "");
  }

  private String failure(String variant) {
    Round round = blamed.get(variant);
    return "in round " + round.number() + " " + Words.failure(round);
  }
}

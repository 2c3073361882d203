package dev.husk.ab.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of correct replies: what the user has said, and what the app's first replies taught
 * where the user hasn't. Any thread may call it.
 */
final class Lesson {
  /** Replies that teach. */
  static final int REPLIES = 5;

  private final Expectation given;
  private final boolean learnsContent;
  private final List<Answer> seen = new ArrayList<>();
  private @Nullable Expectation learned;

  /**
   * Makes one.
   *
   * @param given what the user has said
   */
  Lesson(Expectation given) {
    this.given = given;
    this.learnsContent = given.length() < 0 && given.pattern() == null;
    if (!learnsContent && given.status() != 0) {
      learned = given;
    }
  }

  /** Whether nothing is left to be learned. */
  synchronized boolean isComplete() {
    return learned != null;
  }

  /** What is known by now. */
  synchronized Expectation expectation() {
    if (learned != null) {
      return learned;
    }
    return seen.isEmpty() || given.status() != 0
        ? given
        : given.withStatus(seen.getFirst().status());
  }

  /** Judges a reply, and learns from it when it is correct and there is something to be learned. */
  synchronized void take(Answer answer) throws WrongReplyException {
    Expectation expectation = expectation();
    if (!expectation.accepts(answer)) {
      throw new WrongReplyException(expectation.wrong(answer));
    }
    if (learned != null) {
      return;
    }
    seen.add(answer);
    if (seen.size() == REPLIES || !learnsContent) {
      Answer first = seen.getFirst();
      boolean same =
          seen.stream()
              .allMatch(each -> each.length() == first.length() && each.hash() == first.hash());
      learned =
          learnsContent && same
              ? new Expectation(first.status(), first.length(), first.hash(), null, first.start())
              : given.withStatus(first.status());
    }
  }

  /** In words, for reports. */
  synchronized String describe() {
    if (learned == null) {
      return "each reply must be as the first variant's first replies";
    }
    boolean any = learnsContent && learned.length() < 0;
    return "each reply must have "
        + (learned.words().isEmpty() ? "no error" : learned.words())
        + (learnsContent && !any ? ", as learned from the first replies" : "")
        + (any ? "; its content differs from reply to reply and isn't checked" : "");
  }
}

package dev.husk.ab.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** {@link Loads#http}. */
final class HttpLoad implements Load {
  /** More than a second in all, so that a clock in the page is seen to change. */
  private static final long BETWEEN_LESSONS = 275;

  private final HttpOptions options;
  private final Lesson lesson;
  private final Driver driver;
  private boolean rehearsed;

  HttpLoad(HttpOptions options, long rehearsal) {
    this.options = options;
    this.lesson = new Lesson(expectation(options));
    this.driver = new Driver(options.driver(), List.of(), rehearsal);
  }

  private static Expectation expectation(HttpOptions options) {
    String body = options.expectBody();
    String pattern = HttpOptions.pattern(body);
    if (pattern != null) {
      return Expectation.ofPattern(options.expectStatus(), pattern);
    }
    return body != null
        ? Expectation.ofBody(options.expectStatus(), body)
        : Expectation.ofStatus(options.expectStatus());
  }

  @Override
  public String describe() {
    return "HTTP/1.1 %s %s on %d connections; %s"
        .formatted(
            options.method(), options.url(), options.driver().connections(), lesson.describe());
  }

  @Override
  public int port() {
    return options.port();
  }

  @Override
  public boolean isReady(InetSocketAddress address) throws WrongReplyException {
    if (!rehearsed) {
      rehearsed = true;
      try {
        // So that the first contact's time doesn't have the loading of our own classes in it.
        Rehearsal.contact();
      } catch (IOException e) {
        // The first contact takes a little longer then.
      }
    }
    try {
      ask(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void ask(InetSocketAddress address) throws IOException, WrongReplyException {
    lesson.take(contact(options, address).answer());
  }

  private static HttpContact.Reply contact(HttpOptions options, InetSocketAddress address)
      throws IOException, WrongReplyException {
    HttpRequest request = options.request(address.getPort());
    boolean keepBody = HttpOptions.pattern(options.expectBody()) != null;
    return HttpContact.ask(address, request, keepBody, options.driver().timeout());
  }

  /** {@link Loads#ask}. */
  static long ask(HttpOptions options, InetSocketAddress address)
      throws IOException, WrongReplyException {
    HttpContact.Reply reply = contact(options, address);
    Expectation expectation = expectation(options);
    if (!expectation.accepts(reply.answer())) {
      throw new WrongReplyException(expectation.wrong(reply.answer()));
    }
    return reply.bytes();
  }

  @Override
  public LoadReport run(InetSocketAddress address, double rate, Duration time)
      throws IOException, InterruptedException {
    Plan plan = Plan.of(address, rate, time, options.driver());
    learn(address);
    HttpRequest request = options.request(address.getPort());
    return driver.run(new Job.Http(plan, request, lesson.expectation()));
  }

  /** Not in {@link #isReady}: it would add to the first variant's time to its first reply. */
  private void learn(InetSocketAddress address) throws InterruptedException {
    try {
      for (int i = 0; i < Lesson.REPLIES && !lesson.isComplete(); i++) {
        Thread.sleep(i == 0 ? 0 : BETWEEN_LESSONS);
        ask(address);
      }
    } catch (IOException | WrongReplyException e) {
      // The run will say so, with what is known; the next one learns on.
    }
  }

  @Override
  public void close() {
    driver.close();
  }
}

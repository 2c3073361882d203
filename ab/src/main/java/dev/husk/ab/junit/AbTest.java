package dev.husk.ab.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs an app on the stock JVM and on Husk and asserts what came out. The method takes
 * an {@link AbOutcome}:
 *
 * <pre>{@code
 * @AbTest(main = Shop.class, url = "http://localhost:8080/items")
 * void huskIsNotSlower(AbOutcome outcome) {
 *   outcome.assertNotSlower();
 *   outcome.assertNotHungrier();
 * }
 * }</pre>
 *
 * <p>It takes rounds times variants times some 40 seconds with the defaults. Husk's jar is found by
 * {@link #agent}, the system property {@code husk.agent}, or {@code HUSK_HOME}. The report goes to
 * {@code target/husk-ab/<class>/<method>}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(AbExtension.class)
public @interface AbTest {
  /** The app's main class, run from the test's own class path. One of this, command and image. */
  Class<?> main() default void.class;

  /** The app's command, word by word; the first one is {@code java}. */
  String[] command() default {};

  /** A container image with the app and its JDK. */
  String image() default "";

  /** Arguments of the main class. */
  String[] args() default {};

  /** Where requests go; the port is the app's. "" for {@code /} on its first port. */
  String url() default "";

  /** Whether the app runs in containers; needs a Docker-compatible engine. */
  boolean containers() default false;

  /** How often each variant is measured; fewer than four allow no verdict. */
  int rounds() default 5;

  /** Variants besides stock and husk, as {@code husk ab --variant} takes them. */
  String[] variants() default {};

  /** Connections of the load. */
  int connections() default 64;

  /** Requests a second; 0 for a sweep of rates up to saturation. */
  double rate() default 0;

  /** Whether connections send the next request when they have the last reply, and no sweep. */
  boolean closedLoop() default false;

  /** A rate counts as served when p99 is within it, ms. */
  double latencyLimitMillis() default 10;

  /** The time of the figures of each round, seconds. */
  double windowSeconds() default 5;

  /** The shortest and the longest warm-up, seconds. */
  double[] warmUpSeconds() default {5, 30};

  /** Husk's jar. */
  String agent() default "";
}

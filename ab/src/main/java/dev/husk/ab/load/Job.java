package dev.husk.ab.load;

import java.io.Serializable;

/** A run, as the driver is told about it. */
sealed interface Job extends Serializable {
  /** What every kind has. */
  Plan plan();

  /** HTTP. */
  record Http(Plan plan, HttpRequest request, Expectation expectation) implements Job {}

  /** TCP echo. */
  record Echo(Plan plan, int bytes) implements Job {}

  /** JDBC. */
  record Jdbc(
      Plan plan, String url, String user, String password, String query, Expectation expectation)
      implements Job {}
}

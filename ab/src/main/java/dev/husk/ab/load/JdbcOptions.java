package dev.husk.ab.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement that the app, a database, is asked again and again.
 *
 * @param url of JDBC. Its first {@code //host:port} is replaced by where the app runs, or {@code
 *     {host}} and {@code {port}} are where it has them; the latter mean the first port the app
 *     listens on
 * @param user "" for none
 * @param password "" for none
 * @param query the statement; it is prepared once a connection
 * @param jars with the JDBC driver, empty where it is on the class path
 * @param driver how the load driver works
 */
public record JdbcOptions(
    String url, String user, String password, String query, List<Path> jars, DriverOptions driver) {

  private static final Pattern ADDRESS = Pattern.compile("//([^:/;?,@]+|\\[[^]]+]):(\\d{1,5})");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one makes no sense
   */
  public JdbcOptions {
    if (!url.startsWith("jdbc:")) {
      throw new IllegalArgumentException("url '" + url + "' doesn't start with jdbc:");
    }
    if (!url.contains("{port}") && !ADDRESS.matcher(url).find()) {
      throw new IllegalArgumentException(
          "url '" + url + "' has neither //host:port nor {host} and {port}");
    }
    for (Path jar : jars) {
      if (!Files.isReadable(jar)) {
        throw new IllegalArgumentException("JDBC driver " + jar + " can't be read");
      }
    }
    jars = List.copyOf(jars);
  }

  /** {@code select 1} without a user. */
  public static JdbcOptions of(String url) {
    return new JdbcOptions(url, "", "", "select 1", List.of(), DriverOptions.DEFAULT);
  }

  public JdbcOptions withUser(String name, String word) {
    return new JdbcOptions(url, name, word, query, jars, driver);
  }

  public JdbcOptions withQuery(String statement) {
    return new JdbcOptions(url, user, password, statement, jars, driver);
  }

  public JdbcOptions withJars(List<Path> paths) {
    return new JdbcOptions(url, user, password, query, paths, driver);
  }

  public JdbcOptions withDriver(DriverOptions options) {
    return new JdbcOptions(url, user, password, query, jars, options);
  }

  /** The port of the app, 0 for the first it listens on. */
  int port() {
    Matcher matcher = ADDRESS.matcher(url);
    return !url.contains("{port}") && matcher.find() ? Integer.parseInt(matcher.group(2)) : 0;
  }

  /** The URL of the app that runs at an address. */
  String url(String host, int port) {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    if (url.contains("{port}")) {
      return url.replace("{host}", shown).replace("{port}", Integer.toString(port));
    }
    return ADDRESS.matcher(url).replaceFirst(Matcher.quoteReplacement("//" + shown + ":" + port));
  }

  /** Without the password, which would end in reports. */
  @Override
  public String toString() {
    return url + " as '" + user + "': " + query;
  }
}

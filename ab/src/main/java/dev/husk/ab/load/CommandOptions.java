package dev.husk.ab.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A load tool.
 *
 * @param command for {@code sh -c}. {@code {host}}, {@code {port}}, {@code {seconds}} and {@code
 *     {connections}} in it are replaced; its environment has AB_HOST, AB_PORT, AB_URL, AB_SECONDS
 *     and AB_CONNECTIONS
 * @param figures each {@code name[:unit][:higher|lower]=PATTERN}, see {@link CommandLoad}; empty
 *     for those of a tool that is known
 * @param port of the app, 0 for the first it listens on
 * @param readyUrl the path or {@code http://} URL that must answer for the app to be ready; null
 *     when it is enough that the port accepts connections
 * @param driver how many connections it is told, how long readiness may take, its processors
 */
public record CommandOptions(
    String command,
    List<String> figures,
    int port,
    @Nullable String readyUrl,
    DriverOptions driver) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one makes no sense; the message says what to do
   */
  public CommandOptions {
    if (command.isBlank()) {
      throw new IllegalArgumentException("the load command is empty");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " is not between 0 and 65535");
    }
    if (readyUrl != null) {
      HttpOptions.of(readyUrl);
    }
    figures = List.copyOf(figures);
    FigurePattern.all(command, figures);
  }

  /** Of a tool whose figures are known. */
  public static CommandOptions of(String command) {
    return new CommandOptions(command, List.of(), 0, null, DriverOptions.DEFAULT);
  }

  public CommandOptions withFigures(List<String> patterns) {
    return new CommandOptions(command, patterns, port, readyUrl, driver);
  }

  public CommandOptions withReadyUrl(String url) {
    return new CommandOptions(command, figures, port, url, driver);
  }

  public CommandOptions withDriver(DriverOptions options) {
    return new CommandOptions(command, figures, port, readyUrl, options);
  }
}

package dev.husk.ab.load;

/**
 * Bytes that the app is to send back as they are.
 *
 * @param port of the app, 0 for the first it listens on
 * @param bytes of a request
 * @param driver how the driver works
 */
public record EchoOptions(int port, int bytes, DriverOptions driver) {
  /** 64 bytes to the first port. */
  public static final EchoOptions DEFAULT = new EchoOptions(0, 64, DriverOptions.DEFAULT);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one makes no sense
   */
  public EchoOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " is not between 0 and 65535");
    }
    if (bytes < 1 || bytes > 1 << 20) {
      throw new IllegalArgumentException("bytes: " + bytes + " is not between 1 and " + (1 << 20));
    }
  }

  public EchoOptions withPort(int number) {
    return new EchoOptions(number, bytes, driver);
  }

  public EchoOptions withBytes(int number) {
    return new EchoOptions(port, number, driver);
  }

  public EchoOptions withDriver(DriverOptions options) {
    return new EchoOptions(port, bytes, options);
  }
}

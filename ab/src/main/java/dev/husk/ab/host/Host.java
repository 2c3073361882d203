package dev.husk.ab.host;

import java.io.IOException;

/** Where apps run: processes of this machine, or containers. Ends what it started when closed. */
public interface Host extends AutoCloseable {
  /** What it is, with versions: for the report. */
  String describe();

  /**
   * Starts the app.
   *
   * @throws IOException when it can't be started; the message says why and what to do
   */
  App start(Launch launch) throws IOException, InterruptedException;

  /** Ends what still runs, and removes what was made: images, containers, directories. */
  @Override
  void close();
}

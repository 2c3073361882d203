package dev.husk.ab.host;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Starts an app of three processes, prints their numbers, and waits to be killed. */
public final class TestParent {
  private TestParent() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    App app =
        new Processes()
            .start(
                Launches.of(
                    Path.of(args[0]),
                    List.of("sh", "-c", "setsid sleep 1000 & sleep 1001 & echo up; wait")));
    Launches.awaitLog(app, "up");
    while (app.pids().size() < 3) {
      Thread.sleep(100);
    }
    System.out.println(app.pids().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    Thread.sleep(Long.MAX_VALUE);
  }
}

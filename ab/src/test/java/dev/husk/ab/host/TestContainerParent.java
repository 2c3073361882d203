package dev.husk.ab.host;

import java.nio.file.Path;

/** Starts an app in a container and waits to be killed. */
public final class TestContainerParent {
  private TestContainerParent() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    App app =
        Containers.find().start(Launches.of(Path.of(args[0]), Launches.command("say:up", "wait")));
    Launches.awaitLog(app, "up");
    System.out.println("up");
    Thread.sleep(Long.MAX_VALUE);
  }
}

package dev.husk.it;

import static org.junit.jupiter.api.Assertions.fail;

import dev.husk.it.Both.Results;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM on Husk ends when, and as, the stock JVM does. */
final class ExitTest {
  private static final String PROGRAM = "dev.husk.it.scenarios.ExitProgram";

  private record Ending(String status, List<String> out, List<String> err, String dump) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "returns",
        "throws",
        "throwsWithHandler",
        "throwsWhileOtherRuns",
        "throwsError",
        "nonDaemonKeepsTheJvm",
        "chainOfNonDaemons",
        "nonDaemonParkedThenUnparked",
        "daemonDoesNotKeepTheJvm",
        "daemonsSpinning",
        "virtualThreadDoesNotKeepTheJvm",
        "childOfVirtualIsDaemon",
        "nonDaemonStartedByDaemon",
        "exit",
        "exitFromThread",
        "exitFromDaemonWhileNonDaemonsRun",
        "exitFromVirtualThread",
        "exitRunsHooks",
        "hooksAfterMain",
        "hooksAfterLastThread",
        "hookStartsThread",
        "hookSleeps",
        "hookIdentity",
        "hookThrows",
        "hookJoinsWorkers",
        "halt",
        "haltFromThread",
        "exitTwice",
        "exitInsideHook",
        "poolKeepsTheJvm",
        "commonPoolDoesNot",
        "timerKeepsTheJvm",
        "joinOfMain",
        "uncaughtInThreadExitsWithZero",
        "interruptOfMain",
        "readsStandardInput",
        "manyThreadsEndAtOnce",
        "mainEndsInsideMonitor",
        "sigterm",
        "sigint",
        "sighup",
        "sigtermWhileSpinning"
      })
  void endsAsOnTheStockJvm(String name) throws Exception {
    Results<Ending> results = Both.run(side -> run(side, name));
    Ending stock = results.stock();
    Ending husk = results.husk();
    String difference =
        Transcript.difference("status", List.of(stock.status()), List.of(husk.status()))
            + Transcript.difference("stdout", stock.out(), husk.out())
            + Transcript.difference("stderr", stock.err(), husk.err());
    if (!difference.isEmpty()) {
      fail(name + ":" + difference + "\n" + stock.dump() + husk.dump());
    }
  }

  private static Ending run(Side side, String name) throws Exception {
    try (Child child = Child.start(side, List.of(), PROGRAM, name)) {
      if (name.startsWith("sig")) {
        child.line("ready", 10_000);
        child.signal(
            name.startsWith("sigint") ? "INT" : name.startsWith("sighup") ? "HUP" : "TERM");
      }
      if (name.equals("readsStandardInput")) {
        child.line("main returns", 10_000);
        child.process().getOutputStream().write(65);
        child.process().getOutputStream().close();
      }
      boolean ended = child.ends(20_000);
      String dump = ended ? "" : child.threadDump();
      return new Ending(
          ended ? "exit " + child.process().exitValue() : "HANG",
          Text.normalised(child.out()),
          Text.normalised(child.err()),
          dump);
    }
  }
}

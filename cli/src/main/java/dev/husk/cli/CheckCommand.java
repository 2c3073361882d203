package dev.husk.cli;

import dev.husk.image.app.App;
import dev.husk.image.app.AppRequest;
import dev.husk.image.check.Check;
import dev.husk.image.check.Report;
import dev.husk.image.config.PackOptions;
import dev.husk.image.config.PackSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code husk check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Says before an app is packed what an image of it needs and what it can't serve: modules of"
          + " the JDK, native libraries and what they lack, native code that goes past Husk,"
          + " processes that the app would start. The app isn't started.",
      ""
    },
    footer = {
      "",
      "The exit status is 1 where something would keep the app from running in an image.",
      "",
      "  husk check app.jar",
      "  husk check --json app.jar",
      "  husk check --main com.example.Main 'lib/*:classes'"
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "APP",
      description = "A jar or war, a directory with an app, or a class path.")
  private String app;

  @Option(
      names = "--main",
      paramLabel = "CLASS",
      description = {
        "The app's main class. Without it the one that the first jar's manifest names, else its"
            + " only class with a main method."
      })
  private @Nullable String main;

  @Option(
      names = "--jvm-opt",
      paramLabel = "OPTION",
      description = "An option of the JVM. May be repeated.")
  private List<String> jvmOptions = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it husk.toml beside the app, if there is one.")
  private @Nullable Path config;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PackSettings settings =
        new PackOptions(AppRequest.paths(app))
            .main(main)
            .jvmOptions(jvmOptions)
            .config(config)
            .read();
    Report report = Check.of(App.of(settings.app()), Path.of(System.getProperty("java.home")));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      report.writeJson(out);
    } else {
      out.print(report.text());
    }
    out.flush();
    return report.errors().isEmpty() ? 0 : 1;
  }
}

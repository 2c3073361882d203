package dev.husk.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * One side of a comparison: a program, and how its JVM is started.
 *
 * @param name what the table calls it
 * @param husk whether Husk's agent is added
 * @param prefix a command that starts the JVM, such as {@code taskset -c 0}; usually empty
 * @param jvmArgs JVM arguments of this variant alone
 * @param mainClass the program
 * @param args its arguments
 */
public record Variant(
    String name,
    boolean husk,
    List<String> prefix,
    List<String> jvmArgs,
    String mainClass,
    List<String> args) {

  /** A program on the stock JVM. */
  public static Variant stock(String name, Class<?> program, String... args) {
    return new Variant(name, false, List.of(), List.of(), program.getName(), List.of(args));
  }

  /** A program under Husk's agent. */
  public static Variant husk(String name, Class<?> program, String... args) {
    return new Variant(name, true, List.of(), List.of(), program.getName(), List.of(args));
  }

  /** The same, started by another command. */
  public Variant startedBy(String... command) {
    return new Variant(name, husk, List.of(command), jvmArgs, mainClass, args);
  }

  /** The same with JVM arguments of its own. */
  public Variant withJvmArgs(String... more) {
    return new Variant(name, husk, prefix, List.of(more), mainClass, args);
  }

  /** The command line. */
  public List<String> command(Setup setup, List<String> moreArgs) {
    List<String> command = new ArrayList<>(prefix);
    command.add(setup.java().toString());
    command.addAll(setup.jvmArgs());
    command.addAll(jvmArgs);
    if (husk) {
      String options = setup.agentOptions().isEmpty() ? "" : "=" + setup.agentOptions();
      command.add("-javaagent:" + setup.agent() + options);
    }
    command.add("-cp");
    command.add(setup.classPath());
    command.add(mainClass);
    command.addAll(args);
    command.addAll(moreArgs);
    return command;
  }
}

package dev.husk.image.oci;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How an image runs (config.md). All collections are unmodifiable.
 *
 * @param architecture of the processor, in Go's words: {@code amd64}, {@code arm64}
 * @param entrypoint the program and its first arguments
 * @param command the arguments after those, which whoever runs the image can replace
 * @param environment variables by name
 * @param workingDirectory absolute; empty for the root
 * @param ports TCP ports that the app listens on
 * @param volumes directories whose files outlive a container, absolute
 * @param user by name or number, with {@code :group} if wanted; empty for root
 * @param labels by name
 * @param stopSignal such as {@code SIGTERM}, which is what engines send if it is empty
 */
public record ImageConfig(
    String architecture,
    List<String> entrypoint,
    List<String> command,
    SortedMap<String, String> environment,
    String workingDirectory,
    SortedSet<Integer> ports,
    SortedSet<String> volumes,
    String user,
    SortedMap<String, String> labels,
    String stopSignal) {

  /** Copies the collections, and refuses what can't be written so that it is read the same. */
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    volumes = Collections.unmodifiableSortedSet(new TreeSet<>(volumes));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    for (String name : environment.keySet()) {
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw new IllegalArgumentException("not the name of a variable: \"" + name + "\"");
      }
    }
    for (int port : ports) {
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("not a TCP port: " + port);
      }
    }
    if (!workingDirectory.isEmpty() && !workingDirectory.startsWith("/")) {
      throw new IllegalArgumentException(
          "the working directory isn't absolute: " + workingDirectory);
    }
  }

  /** A config with nothing in it. */
  public static Builder builder(String architecture) {
    return new Builder(architecture);
  }

  /** Collects a config. */
  public static final class Builder {
    private final String architecture;
    private List<String> entrypoint = List.of();
    private List<String> command = List.of();
    private Map<String, String> environment = Map.of();
    private String workingDirectory = "";
    private List<Integer> ports = List.of();
    private List<String> volumes = List.of();
    private String user = "";
    private Map<String, String> labels = Map.of();
    private String stopSignal = "";

    private Builder(String architecture) {
      this.architecture = architecture;
    }

    /** Sets the program and its first arguments. */
    public Builder entrypoint(List<String> words) {
      entrypoint = words;
      return this;
    }

    /** Sets the arguments that can be replaced. */
    public Builder command(List<String> words) {
      command = words;
      return this;
    }

    /** Sets all variables. */
    public Builder environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    /** Sets the working directory. */
    public Builder workingDirectory(String path) {
      workingDirectory = path;
      return this;
    }

    /** Sets all TCP ports. */
    public Builder ports(List<Integer> numbers) {
      ports = numbers;
      return this;
    }

    /** Sets all volumes. */
    public Builder volumes(List<String> paths) {
      volumes = paths;
      return this;
    }

    /** Sets the user. */
    public Builder user(String nameOrNumber) {
      user = nameOrNumber;
      return this;
    }

    /** Sets all labels. */
    public Builder labels(Map<String, String> values) {
      labels = values;
      return this;
    }

    /** Sets the signal that asks the app to end. */
    public Builder stopSignal(String name) {
      stopSignal = name;
      return this;
    }

    /**
     * The config.
     *
     * @throws IllegalArgumentException if a part of it can't be
     */
    public ImageConfig build() {
      return new ImageConfig(
          architecture,
          entrypoint,
          command,
          new TreeMap<>(environment),
          workingDirectory,
          new TreeSet<>(ports),
          new TreeSet<>(volumes),
          user,
          new TreeMap<>(labels),
          stopSignal);
    }
  }
}

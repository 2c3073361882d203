package dev.husk.image.config;

import dev.husk.image.init.DataDirectory;
import dev.husk.image.pack.User;
import dev.husk.image.squashfs.Method;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * What a {@code husk.toml} says. All of it is optional: null or empty is what wasn't said.
 *
 * @param name of the app: {@code name}
 * @param main the main class: {@code main}
 * @param jvmOptions {@code jvm-options}
 * @param arguments of the app: {@code args}
 * @param memoryMebibytes of the guest or the container: {@code memory}, such as "512M" or "1G"
 * @param user who the app runs as in containers: {@code user}, "1000" or "1000:1000"
 * @param ports TCP ports that the app listens on: {@code ports}
 * @param data directories whose files outlive the guest or the container: {@code data}, each
 *     "/path" or "label:/path"
 * @param modules of the JDK, besides those that the linker finds: {@code modules}
 * @param keepSignatures of the kernel's modules, for Secure Boot: {@code keep-signatures}
 * @param include files besides those of the app: {@code include}, each "host:path/in/image"
 * @param compression of the root file system of a machine: {@code compression}, "lz4" or "zstd"
 * @param environment of the app: the table {@code [environment]}
 * @param train how to train the AOT cache: the table {@code [train]}
 * @param net how the guest gets its address: the table {@code [net]}
 * @param kubernetes what the manifests need: the table {@code [kubernetes]}
 */
public record HuskToml(
    @Nullable String name,
    @Nullable String main,
    List<String> jvmOptions,
    List<String> arguments,
    @Nullable Integer memoryMebibytes,
    @Nullable User user,
    List<Integer> ports,
    List<DataDirectory> data,
    List<String> modules,
    boolean keepSignatures,
    List<Include> include,
    @Nullable Method compression,
    SortedMap<String, String> environment,
    Train train,
    Net net,
    Kubernetes kubernetes) {

  /** One that says nothing. */
  public static final HuskToml EMPTY =
      new HuskToml(
          null,
          null,
          List.of(),
          List.of(),
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          false,
          List.of(),
          null,
          Collections.emptySortedMap(),
          new Train(null, null, null),
          new Net(null, null, List.of()),
          new Kubernetes(null, null, null));

  /**
   * A file or a directory that comes along.
   *
   * @param host where it is, relative to the configuration file
   * @param path where it goes in the image, without a slash at the begin
   */
  public record Include(String host, String path) {}

  /**
   * How to train.
   *
   * @param command puts load on the app while it runs
   * @param seconds how long the app runs
   * @param url what to ask the app for while it runs
   */
  public record Train(@Nullable String command, @Nullable Integer seconds, @Nullable String url) {}

  /**
   * The guest's network; DHCP without an address.
   *
   * @param address with its prefix: "10.0.0.2/24"
   * @param gateway the router's address
   * @param dns addresses of name servers
   */
  public record Net(@Nullable String address, @Nullable String gateway, List<String> dns) {}

  /**
   * For manifests.
   *
   * @param health where an HTTP request succeeds when the app is ready
   * @param cpuMillis thousandths of a processor: {@code cpu}, such as "500m" or 2
   * @param image the name of the container image
   */
  public record Kubernetes(
      @Nullable String health, @Nullable Integer cpuMillis, @Nullable String image) {}

  /**
   * Reads a file.
   *
   * @throws ConfigException if it isn't TOML, or has a key or a value that means nothing; with its
   *     line and column
   * @throws IOException if it can't be read
   */
  public static HuskToml read(Path file) throws IOException {
    TomlParseResult toml = Toml.parse(file);
    Section top = new Section(file.toString(), "", toml);
    if (toml.hasErrors()) {
      throw top.error(toml.errors().getFirst().position(), toml.errors().getFirst().getMessage());
    }
    Section train = top.section("train");
    Section net = top.section("net");
    Section kubernetes = top.section("kubernetes");
    HuskToml read =
        new HuskToml(
            top.text("name"),
            top.text("main"),
            top.texts("jvm-options"),
            top.texts("args"),
            top.mebibytes("memory"),
            top.user("user"),
            top.ports("ports"),
            top.data("data"),
            top.texts("modules"),
            top.yes("keep-signatures"),
            top.includes("include"),
            top.choice("compression", Method.class),
            top.section("environment").variables(),
            new Train(train.text("command"), train.seconds("seconds"), train.text("url")),
            new Net(net.text("address"), net.text("gateway"), net.texts("dns")),
            new Kubernetes(
                kubernetes.text("health"), kubernetes.cpuMillis("cpu"), kubernetes.text("image")));
    for (Section section : List.of(top, train, net, kubernetes)) {
      section.refuseOtherKeys();
    }
    return read;
  }
}

package dev.husk.ab.host;

import dev.husk.ab.Variant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start the app once.
 *
 * @param command the app's command, which starts with {@code java} or the path of one where {@code
 *     image} is null; where it isn't null, what follows the image's name, often nothing
 * @param image a container image with app and JDK, null for a command of this machine
 * @param variant what is added
 * @param agent Husk's jar on this machine
 * @param limits what it may use
 * @param environment environment variables that all variants get
 * @param volumes {@code host:container[:ro]}; containers only
 * @param port where it will be asked, 0 when that isn't known; containers let it through
 * @param directory of this start, which exists and is empty: for its logs
 */
public record Launch(
    List<String> command,
    @Nullable String image,
    Variant variant,
    Path agent,
    Limits limits,
    Map<String, String> environment,
    List<String> volumes,
    int port,
    Path directory) {

  /**
   * What the app may use, the same for every variant.
   *
   * @param cpus processors' worth of time, 0 for no limit; containers only
   * @param cpuSet the processors it may run on, as in {@code 0-1,3}; "" for all
   * @param memoryMegabytes memory in 2^20 bytes, 0 for no limit; containers only
   */
  public record Limits(double cpus, String cpuSet, long memoryMegabytes) {
    /** All of the machine. */
    public static final Limits NONE = new Limits(0, "", 0);
  }
}

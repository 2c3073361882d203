package dev.husk.image.init;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What init does in a guest. All paths are absolute, as the guest sees them.
 *
 * @param root the root file system, or null where the initramfs is all there is
 * @param modules the kernel modules' files in the root file system, in the order of loading
 * @param arguments of the JVM; the first is its program
 * @param alone options more, where there is one processor. They may give threads a priority, which
 *     all lose when the start is over: see {@link #START_BY_KERNEL}
 * @param environment of the JVM; what the kernel hands to init comes behind it, and of two
 *     variables of the same name Java takes the first
 * @param data what is mounted from other disks before the JVM starts; without one of them it isn't
 *     started at all. Their drivers are among the modules
 * @param moreDataModules those of rarer disks, loaded where one of them isn't there without
 * @param directory the JVM's working directory
 * @param hostName the guest's name
 * @param network leaves a netlink socket and a packet socket to the JVM
 * @param powerButton asks the JVM to end when the power button is pressed; {@code evdev} and {@code
 *     button} must be among the modules
 * @param graceSeconds how long the JVM may take to end when asked, before it is killed; at least 1
 */
public record InitPlan(
    @Nullable Root root,
    List<String> modules,
    List<String> arguments,
    List<String> alone,
    Map<String, String> environment,
    List<DataDirectory> data,
    List<String> moreDataModules,
    String directory,
    String hostName,
    boolean network,
    boolean powerButton,
    int graceSeconds) {

  /**
   * A squashfs that is the root file system: the guest reads from it what it needs when it needs
   * it. What is written goes to memory and lies over it.
   */
  public sealed interface Root {
    /**
     * The kernel modules' files in the initramfs, in the order of loading: for squashfs, overlay
     * and what the file system lies on, where the kernel hasn't got them built in.
     */
    List<String> modules();
  }

  /**
   * One that lies in the initramfs, and so in memory.
   *
   * @param file the squashfs
   */
  public record InMemory(List<String> modules, String file) implements Root {
    /** Checks the paths. */
    public InMemory {
      modules = List.copyOf(modules);
      modules.forEach(InitPlan::checkPath);
      checkPath(file);
    }
  }

  /**
   * One in a partition of a disk.
   *
   * @param more modules that are loaded where none of the disks that are there has it: those of
   *     rarer disks
   * @param superblock its first bytes, by which it is known, as little-endian numbers
   */
  public record OnDisk(List<String> modules, List<String> more, List<Long> superblock)
      implements Root {
    /** Checks the paths. */
    public OnDisk {
      modules = List.copyOf(modules);
      modules.forEach(InitPlan::checkPath);
      more = List.copyOf(more);
      more.forEach(InitPlan::checkPath);
      superblock = List.copyOf(superblock);
    }
  }

  /** How long the JVM may take to end, unless something else is wanted. */
  public static final int GRACE_SECONDS = 30;

  /**
   * The word of the kernel's command line by which {@link #data} stays in memory, and is gone with
   * the guest. Words without a dot come to init as variables.
   */
  public static final String DATA_IN_MEMORY = "HUSK_DATA=memory";

  /** How long a start takes, as a multiple of the processor's time for the kernel's initcalls. */
  public static final int START_BY_KERNEL = 7;

  /** The file descriptor of the netlink socket (NETLINK_ROUTE) in the JVM. */
  public static final int NETLINK_FD = 10;

  /** The file descriptor of the packet socket, bound to IPv4 on the first network card. */
  public static final int PACKET_FD = 11;

  /** The variable that names the netlink socket; it isn't there when the socket isn't. */
  public static final String NETLINK_VARIABLE = "HUSK_NETLINK_FD";

  /** The variable that names the packet socket; it isn't there when there is no network card. */
  public static final String PACKET_VARIABLE = "HUSK_PACKET_FD";

  private static final int LONGEST_HOST_NAME = 64; // __NEW_UTS_LEN of linux/utsname.h

  /** Checks what the kernel would refuse, and sorts the environment. */
  public InitPlan {
    modules = List.copyOf(modules);
    arguments = List.copyOf(arguments);
    alone = List.copyOf(alone);
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    data = List.copyOf(data);
    moreDataModules = List.copyOf(moreDataModules);
    modules.forEach(InitPlan::checkPath);
    moreDataModules.forEach(InitPlan::checkPath);
    arguments.forEach(InitPlan::checkText);
    alone.forEach(InitPlan::checkText);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("no program to start");
    }
    checkPath(arguments.getFirst());
    environment.forEach(
        (name, value) -> {
          checkText(name);
          checkText(value);
          if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("not a variable's name: \"" + name + "\"");
          }
        });
    checkPath(directory);
    checkText(hostName);
    if (hostName.isEmpty() || bytes(hostName) > LONGEST_HOST_NAME) {
      throw new IllegalArgumentException("not a host name: \"" + hostName + "\"");
    }
    if (graceSeconds < 1) {
      throw new IllegalArgumentException("no time to end in: " + graceSeconds + " s");
    }
  }

  /** The same with this root file system. */
  public InitPlan with(Root newRoot) {
    return new InitPlan(
        newRoot,
        modules,
        arguments,
        alone,
        environment,
        data,
        moreDataModules,
        directory,
        hostName,
        network,
        powerButton,
        graceSeconds);
  }

  /** The JVM's arguments where there is one processor. */
  List<String> argumentsAlone() {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(1, alone);
    return all;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void checkPath(String path) {
    checkText(path);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: \"" + path + "\"");
    }
  }

  private static void checkText(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a zero byte in \"" + text + "\"");
    }
  }
}

package dev.husk.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import dev.husk.image.link.RuntimeLinker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** A JVM on this machine, attached to, and its management. */
final class RunningJvm implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final String THREADS = "dev.husk:type=Threads";
  private static final String MEMORY = "dev.husk:type=Memory";
  private static final int NAME_WIDTH = 60;

  private final String command;
  private final JMXConnector connector;
  private final MBeanServerConnection server;

  private RunningJvm(String command, JMXConnector connector) throws IOException {
    this.command = command;
    this.connector = connector;
    this.server = connector.getMBeanServerConnection();
  }

  /**
   * Attaches to a process.
   *
   * @throws CommandFailure that says why it can't be attached to and what to do
   */
  static RunningJvm attach(long pid) {
    check(pid);
    VirtualMachine vm;
    try {
      vm = VirtualMachine.attach(Long.toString(pid));
    } catch (AttachNotSupportedException | IOException e) {
      throw new CommandFailure(
          "JVM "
              + pid
              + " can't be attached to: "
              + e.getMessage()
              + "; is it stopped, or does it run with -XX:+DisableAttachMechanism or -Xrs?");
    }
    try {
      String command = vm.getSystemProperties().getProperty("sun.java.command", "");
      return new RunningJvm(shortened(command), connect(vm.startLocalManagementAgent()));
    } catch (IOException e) {
      throw new CommandFailure(
          "JVM "
              + pid
              + " doesn't give access to its management: "
              + e.getMessage()
              + "; its image needs the modules java.management and jdk.management.agent");
    } finally {
      detach(vm);
    }
  }

  @SuppressWarnings("BanJNDI") // The address is of the process that we are attached to.
  private static JMXConnector connect(String address) throws IOException {
    return JMXConnectorFactory.connect(new JMXServiceURL(address));
  }

  private static void detach(VirtualMachine vm) {
    try {
      vm.detach();
    } catch (IOException e) {
      // It has gone.
    }
  }

  /** Attaching sends a signal that ends most of what isn't a JVM: so not just any process. */
  private static void check(long pid) {
    if (pid == ProcessHandle.current().pid()) {
      throw new CommandFailure("process " + pid + " is this command itself");
    }
    if (ProcessHandle.of(pid).isEmpty()) {
      throw new CommandFailure(
          "there is no process " + pid + "; 'husk memory' lists the JVMs that have Husk in them");
    }
    Path process = PROC.resolve(Long.toString(pid));
    try {
      String owner = Files.getOwner(process).getName();
      String self = Files.getOwner(PROC.resolve("self")).getName();
      if (!owner.equals(self) && !self.equals("root")) {
        throw new CommandFailure(
            "process "
                + pid
                + " is "
                + owner
                + "'s and this command runs as "
                + self
                + "; run it as its user, as in: sudo -u "
                + owner
                + " husk memory "
                + pid);
      }
      try (Stream<String> maps =
          Files.lines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
        if (maps.noneMatch(line -> line.endsWith("/libjvm.so"))) {
          throw new CommandFailure(
              "process "
                  + pid
                  + " isn't a JVM; 'husk memory' lists the JVMs that have Husk in them");
        }
      }
    } catch (AccessDeniedException e) {
      throw new CommandFailure(
          "process "
              + pid
              + " may not be looked at ("
              + e.getMessage()
              + "); run this command as its user or root, and in its container");
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailure("process " + pid + " can't be looked at: " + e.getMessage());
    }
  }

  /** What it runs, with the arguments as far as they fit. */
  String command() {
    return command;
  }

  private static String shortened(String command) {
    return command.length() <= NAME_WIDTH ? command : command.substring(0, NAME_WIDTH - 1) + "…";
  }

  /** Whether Husk serves anything there. */
  boolean hasHusk() throws IOException {
    return has(THREADS) || has(MEMORY);
  }

  private boolean has(String bean) throws IOException {
    return server.isRegistered(name(bean));
  }

  /** The figures of its off-heap memory; null where Husk doesn't serve that. */
  @Nullable MemoryFigures memory() throws IOException {
    if (!has(MEMORY)) {
      return null;
    }
    Map<String, Object> values = new HashMap<>();
    try {
      // In one call: they are of the same moment then.
      for (Attribute attribute :
          server.getAttributes(name(MEMORY), MemoryFigures.ATTRIBUTES).asList()) {
        values.put(attribute.getName(), attribute.getValue());
      }
    } catch (JMException e) {
      throw new CommandFailure("the JVM's Husk doesn't tell its figures: " + e.getMessage());
    }
    return MemoryFigures.of(values);
  }

  /** Who holds most of it. */
  String holders(int count) throws IOException {
    try {
      return (String)
          server.invoke(
              name(MEMORY), "holders", new Object[] {count}, new String[] {int.class.getName()});
    } catch (JMException e) {
      throw new CommandFailure("the JVM's Husk doesn't tell who holds memory: " + e.getMessage());
    }
  }

  private static ObjectName name(String bean) {
    try {
      return new ObjectName(bean);
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }

  /**
   * A JVM of this user.
   *
   * @param name its main class or jar, with arguments
   */
  record Listed(long pid, String name) {}

  /**
   * The JVMs of this user that have Husk in them. They aren't attached to for that: a JVM without
   * Husk stays as it is.
   */
  static List<Listed> list() {
    List<Listed> all = new ArrayList<>();
    Map<Path, Boolean> known = new HashMap<>();
    for (VirtualMachineDescriptor vm : VirtualMachine.list()) {
      long pid = Long.parseLong(vm.id());
      if (pid != ProcessHandle.current().pid() && (hasAgent(pid, known) || isLinked(pid))) {
        all.add(new Listed(pid, shortened(vm.displayName())));
      }
    }
    return all;
  }

  /**
   * Whether a process has the agent's jar open, under whatever name: it stays open as long as the
   * JVM lives.
   *
   * @param known what other processes' jars are
   */
  private static boolean hasAgent(long pid, Map<Path, Boolean> known) {
    Path descriptors = PROC.resolve(Long.toString(pid)).resolve("fd");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : all) {
        Path target = Files.readSymbolicLink(descriptor);
        if (target.toString().endsWith(".jar")
            // By the descriptor: the process may see other files than we do.
            && known.computeIfAbsent(target, path -> isAgent(descriptor))) {
          return true;
        }
      }
    } catch (IOException e) {
      // It has gone, or it isn't ours.
    }
    return false;
  }

  /** Whether it runs on a JDK that Husk is linked into: the linker leaves its notes there. */
  private static boolean isLinked(long pid) {
    Path process = PROC.resolve(Long.toString(pid));
    try {
      // As the process sees its files, which may be those of a container.
      Path java = Files.readSymbolicLink(process.resolve("exe"));
      Path home = java.resolveSibling("..").normalize();
      return Files.exists(process.resolve("root" + home).resolve(RuntimeLinker.NOTES));
    } catch (IOException e) {
      // It has gone, or it isn't ours.
      return false;
    }
  }

  private static boolean isAgent(Path file) {
    try (JarFile jar = new JarFile(file.toFile(), false)) {
      Manifest manifest = jar.getManifest();
      return manifest != null
          && "dev.husk.agent.Entry".equals(manifest.getMainAttributes().getValue("Premain-Class"));
    } catch (IOException e) {
      return false;
    }
  }
}

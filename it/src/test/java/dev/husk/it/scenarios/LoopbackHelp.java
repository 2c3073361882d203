package dev.husk.it.scenarios;

import dev.husk.it.scenarios.Help.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the programs about loopback connections share. */
final class LoopbackHelp {
  private LoopbackHelp() {}

  /** A value or what is thrown in its place. */
  @FunctionalInterface
  interface Value {
    Object get() throws Throwable;
  }

  /** What it is, or the exception. */
  static String told(Value value) {
    try {
      return String.valueOf(value.get());
    } catch (Throwable e) {
      return Help.thrown(
          () -> {
            throw e;
          });
    }
  }

  /** Gives numbers that vary, such as ports, names. */
  static final class Names {
    private final Map<String, String> names = new LinkedHashMap<>();

    Names name(int port, String name) {
      if (port > 0) {
        names.put(Integer.toString(port), name);
      }
      return this;
    }

    String in(Object text) {
      String result = String.valueOf(text);
      for (var each : names.entrySet()) {
        result = result.replace(each.getKey(), each.getValue());
      }
      return result;
    }
  }

  static InetAddress address(String literal) throws IOException {
    return InetAddress.getByName(literal);
  }

  static InetSocketAddress at(String literal, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(literal), port);
  }

  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One read of a channel: the text, or the count, or the exception. */
  static String readOf(ReadableByteChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocate(1000);
    return told(
        () -> {
          int n = channel.read(buffer);
          return n <= 0 ? n : new String(buffer.array(), 0, n, StandardCharsets.UTF_8);
        });
  }

  /** One read of a socket with a short timeout: the byte, -1, or the exception. */
  static String readOf(Socket socket) {
    return told(
        () -> {
          socket.setSoTimeout(250);
          int n = socket.getInputStream().read();
          return n < 0 ? n : (char) n;
        });
  }

  /** Writes a byte so often until it fails; a kernel connection needs a round trip to know. */
  static String writesUntilError(Body write) {
    String result = "nothing";
    for (int i = 0; i < 40 && result.equals("nothing"); i++) {
      result = Help.thrown(write);
      Help.pause(5);
    }
    return result;
  }

  static String writesUntilError(Socket socket) {
    return writesUntilError(() -> socket.getOutputStream().write(1));
  }

  static String writesUntilError(SocketChannel channel) {
    return writesUntilError(() -> channel.write(ByteBuffer.wrap(new byte[1])));
  }

  /** Sets an option, and tells what it is then; sizes of buffers are left out. */
  static <T> String option(NetworkChannel channel, SocketOption<T> option, T value) {
    return option
        + " "
        + told(() -> channel.getOption(option))
        + "->"
        + told(() -> channel.setOption(option, value).getOption(option));
  }

  static String sorted(Set<SocketOption<?>> options) {
    TreeMap<String, String> names = new TreeMap<>();
    options.forEach(option -> names.put(option.name(), option.type().getSimpleName()));
    return names.toString();
  }

  /** Blocks until the peer's bytes are there; false where they don't come. */
  static boolean arrived(Socket socket, int count) {
    return Help.until(
        () -> {
          try {
            return socket.getInputStream().available() >= count;
          } catch (IOException e) {
            return true;
          }
        });
  }

  static String addresses(Socket socket) {
    return socket.getLocalSocketAddress()
        + " "
        + socket.getRemoteSocketAddress()
        + " "
        + socket.getLocalAddress()
        + " "
        + socket.getInetAddress()
        + " "
        + socket;
  }

  /** A pair by way of a listener at an address. */
  static SocketHelp.Pair pairAt(String address) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 50, address(address))) {
      Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
      return new SocketHelp.Pair(client, listener.accept());
    }
  }

  static SocketAddress loopbackAt(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Runs a shell command and returns what it prints, a line after the other. */
  static String shell(String command) throws Exception {
    return output(new ProcessBuilder("bash", "-c", command));
  }

  static String output(ProcessBuilder builder) throws Exception {
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    Thread watchdog =
        Help.go(
            () -> {
              if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
              }
            });
    String text = text(process.getInputStream()).strip();
    watchdog.join();
    return text.replace("\n", " | ");
  }

  /** The command line of a JVM like this one. */
  static List<String> jvm() {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("-javaagent:")) {
        command.add(argument);
      }
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }
}

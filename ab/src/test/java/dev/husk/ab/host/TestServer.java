package dev.husk.ab.host;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An app for tests. Its arguments are what it does, one after the other: {@code listen} on a free
 * port and answer each connection with "hello", {@code fill:N} N MB of the heap, {@code busy:MS}
 * until its thread has had so much CPU time, {@code say:TEXT}, {@code exit:STATUS}, {@code wait}
 * for ever. It is an agent, too.
 */
public final class TestServer {
  private static final List<byte[]> FILLING = new ArrayList<>();

  private TestServer() {}

  /** Says that it was called. */
  public static void premain(String options, Instrumentation instrumentation) {
    System.out.println("agent " + options);
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      String value = arg.substring(arg.indexOf(':') + 1);
      switch (arg.substring(0, arg.contains(":") ? arg.indexOf(':') : arg.length())) {
        case "listen" -> listen();
        case "fill" -> fill(Integer.parseInt(value));
        case "busy" -> busy(Long.parseLong(value));
        case "say" -> System.out.println(value);
        case "variable" -> System.out.println(value + "=" + System.getenv(value));
        case "read" -> System.out.println(Files.readString(Path.of(value)));
        case "exit" -> System.exit(Integer.parseInt(value));
        case "wait" -> Thread.sleep(Long.MAX_VALUE);
        default -> throw new IllegalArgumentException(arg);
      }
    }
  }

  private static void listen() throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    System.out.println("listening on " + server.getLocalPort());
    Thread.ofPlatform().start(() -> serve(server));
  }

  private static void serve(ServerSocket server) {
    while (true) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      } catch (IOException e) {
        // That client's loss.
      }
    }
  }

  private static void fill(int megabytes) {
    for (int i = 0; i < megabytes; i++) {
      byte[] block = new byte[1 << 20];
      java.util.Arrays.fill(block, (byte) 1);
      FILLING.add(block);
    }
    System.gc();
    System.out.println("filled");
  }

  private static void busy(long millis) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    while (threads.getCurrentThreadCpuTime() < millis * 1_000_000) {
      Thread.onSpinWait();
    }
    System.out.println("was busy");
  }
}

package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.send;
import static dev.husk.it.scenarios.LoopbackHelp.text;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.SocketHelp.listener;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.Kind.Meanwhile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Listeners and clients of other processes beside those of this JVM. */
final class NeighbourCases {
  private NeighbourCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(NeighbourCases.class, args);
  }

  /** A JVM like this one that does what it is told. */
  private static final class Neighbour implements AutoCloseable {
    private final Process process;
    private final BufferedReader in;
    private final PrintWriter out;

    Neighbour() throws IOException {
      List<String> command = LoopbackHelp.jvm();
      command.add(NeighbourProgram.class.getName());
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      in = new BufferedReader(new InputStreamReader(process.getInputStream()));
      out = new PrintWriter(process.getOutputStream(), true);
    }

    String ask(String command) {
      out.println(command);
      return Kind.ORDINARY.begin(k -> in.readLine()).end();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static String answerOf(String address, int port) {
    return told(
        () -> {
          try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(5_000);
            return text(socket.getInputStream());
          }
        });
  }

  /** Clients of a shell and of this JVM at the same listener, in every kind of thread. */
  @Case
  static Object shellClients() {
    return Kind.each(
        kind -> {
          try (ServerSocket listener = listener()) {
            Meanwhile server =
                kind.begin(
                    k -> {
                      TreeSet<String> seen = new TreeSet<>();
                      for (int i = 0; i < 8; i++) {
                        try (Socket socket = listener.accept()) {
                          seen.add(text(socket.getInputStream()));
                          send(socket, "thanks");
                        }
                      }
                      return seen;
                    });
            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < 4; i++) {
              String shell =
                  "exec 3<>/dev/tcp/127.0.0.1/" + listener.getLocalPort() + "; echo " + i + " >&3";
              // A shell can't shut down: its child keeps nothing open, and the end comes at exit.
              answers.append(LoopbackHelp.shell(shell));
              try (Socket socket = new Socket(loopback(), listener.getLocalPort())) {
                send(socket, "own" + i);
                socket.shutdownOutput();
                answers.append(text(socket.getInputStream()));
              }
            }
            return answers + server.end().replace("\n", "");
          }
        });
  }

  @Case
  static Object sameportOtherAddress() throws Exception {
    try (Neighbour neighbour = new Neighbour();
        ServerSocket listener = new ServerSocket(0, 10, LoopbackHelp.address("127.0.0.1"))) {
      int port = listener.getLocalPort();
      String same = neighbour.ask("listen 127.0.0.1 " + port);
      String any = neighbour.ask("listen 0.0.0.0 " + port);
      String other = neighbour.ask("listen 127.0.0.2 " + port);
      Meanwhile own =
          Kind.ORDINARY.begin(
              k -> {
                for (int i = 0; i < 2; i++) {
                  try (Socket socket = listener.accept()) {
                    send(socket, "own");
                  }
                }
                return "served";
              });
      String answers =
          answerOf("127.0.0.1", port)
              + answerOf("127.0.0.2", port)
              + answerOf("127.0.0.2", port)
              + answerOf("127.0.0.1", port)
              + answerOf("127.0.0.3", port).contains("refused");
      return same + any + other + answers + own.end();
    }
  }

  /** The port changes hands: this JVM, a neighbour, this JVM again. */
  @Case
  static Object portChangesHands() throws Exception {
    try (Neighbour neighbour = new Neighbour()) {
      ServerSocket listener = new ServerSocket(0, 10, LoopbackHelp.address("127.0.0.41"));
      int port = listener.getLocalPort();
      Socket before = new Socket("127.0.0.41", port);
      Socket accepted = listener.accept();
      listener.close();
      String listen = neighbour.ask("listen 127.0.0.41 " + port);
      String answer = answerOf("127.0.0.41", port);
      send(before, "b");
      String still = readOf(accepted);
      before.setSoLinger(true, 0);
      before.close();
      accepted.close();
      String close = neighbour.ask("close");
      // A thread in accept may take one more in, after the close.
      Help.until(() -> answerOf("127.0.0.41", port).contains("refused"));
      String gone = answerOf("127.0.0.41", port);
      String again =
          told(
              () -> {
                try (ServerSocket own =
                        new ServerSocket(port, 10, LoopbackHelp.address("127.0.0.41"));
                    Socket client = new Socket("127.0.0.41", port);
                    Socket server = own.accept()) {
                  send(client, "a");
                  return readOf(server);
                }
              });
      return listen + answer + still + close + gone + again;
    }
  }

  @Case
  static Object sharedPort() throws Exception {
    try (Neighbour neighbour = new Neighbour();
        ServerSocket listener = new ServerSocket()) {
      listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      listener.bind(new InetSocketAddress(loopback(), 0), 200);
      int port = listener.getLocalPort();
      String listen = neighbour.ask("listen 127.0.0.1 " + port + " shared");
      Kind.ORDINARY.begin(
          k -> {
            while (true) {
              try (Socket socket = listener.accept()) {
                send(socket, "own");
              }
            }
          });
      TreeSet<String> seen = new TreeSet<>();
      for (int i = 0; i < 60; i++) {
        seen.add(answerOf("127.0.0.1", port));
      }
      return listen + seen;
    }
  }

  @Case
  static Object neighbourHalts() throws Exception {
    try (Neighbour neighbour = new Neighbour();
        ServerSocket listener = listener()) {
      int port = listener.getLocalPort();
      List<Object> seen = new ArrayList<>();
      Meanwhile own =
          Kind.VIRTUAL.begin(
              k -> {
                for (int i = 0; i < 2; i++) {
                  try (Socket socket = listener.accept()) {
                    socket.setSoTimeout(5_000);
                    seen.add(text(socket.getInputStream()));
                  }
                }
                return seen;
              });
      String say = neighbour.ask("say 127.0.0.1 " + port + " hello");
      neighbour.ask("halt 127.0.0.1 " + port);
      return say + own.end();
    }
  }

  @Case
  static Object inheritedConnection() throws Exception {
    try (ServerSocket listener = listener()) {
      Meanwhile own =
          Kind.ORDINARY.begin(
              k -> {
                try (Socket socket = listener.accept()) {
                  socket.setSoTimeout(8_000);
                  send(socket, "stdin");
                  return text(socket.getInputStream());
                }
              });
      String command =
          "exec 3<>/dev/tcp/127.0.0.1/"
              + listener.getLocalPort()
              + "; exec '"
              + String.join("' '", LoopbackHelp.jvm())
              + "' "
              + NeighbourProgram.class.getName()
              + " inherited <&3 3<&- 2>/dev/null";
      String child = LoopbackHelp.shell(command);
      pause(1);
      return child + " " + own.end();
    }
  }
}

package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.thrown;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Child processes, files, pipes and name lookups: calls that block inside the kernel. */
final class ProcessCases {
  private ProcessCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(ProcessCases.class, args);
  }

  private static Process shell(String command) throws IOException {
    return new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Case
  static Object outputOfChild() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              Process process = shell("echo one; sleep 0.1; echo two; exit 3");
              seen.add(text(process.getInputStream()).replace('\n', ','));
              seen.add(process.waitFor());
            });
    return ended(thread) + " " + seen;
  }

  @Case
  static Object conversationWithChild() throws Exception {
    Process process = shell("while read line; do echo \"got $line\"; done");
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread reader =
        go(
            () -> {
              try (BufferedReader in =
                  new BufferedReader(
                      new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                  seen.add(line);
                }
              }
            });
    Thread writer =
        go(
            () -> {
              try (OutputStream out = process.getOutputStream()) {
                for (int i = 0; i < 3; i++) {
                  out.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
                  out.flush();
                  Thread.sleep(5);
                }
              }
            });
    return ended(writer, reader) + " " + seen + " " + process.waitFor();
  }

  @Case
  static Object manyChildrenAtOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    AtomicLong sum = new AtomicLong();
    for (int i = 0; i < 8; i++) {
      int own = i;
      threads.add(
          go(
              () -> {
                Process process = shell("sleep 0.1; echo " + own);
                sum.addAndGet(Long.parseLong(text(process.getInputStream())));
                process.waitFor();
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + sum;
  }

  @Case
  static Object waitTimesOut() throws Exception {
    Process process = shell("exec sleep 60");
    boolean early = process.waitFor(30, TimeUnit.MILLISECONDS);
    boolean alive = process.isAlive();
    process.destroy();
    int status = process.waitFor();
    return early + " " + alive + " " + status;
  }

  @Case
  static Object exitFuture() throws Exception {
    Process process = shell("exit 5");
    return process.onExit().get(10, TimeUnit.SECONDS).exitValue()
        + " "
        + thrown(() -> new ProcessBuilder("/no/such/program").start());
  }

  @Case
  static Object manyReadersOfSilentChildren() throws Exception {
    // Each read blocks in the kernel; there are more of them than cores.
    List<Process> processes = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Process process = shell("exec sleep 60");
      processes.add(process);
      threads.add(go(() -> thrown(() -> process.getInputStream().read())));
    }
    Help.pause(50);
    AtomicBoolean ran = new AtomicBoolean();
    Thread other = go(() -> ran.set(true));
    String end = ended(other);
    for (Process process : processes) {
      process.destroyForcibly();
    }
    return end + " " + ran + " " + ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object filesReadAndWritten() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    Path folder = Files.createTempDirectory("husk-it");
    for (int i = 0; i < 8; i++) {
      int own = i;
      threads.add(
          go(
              () -> {
                Path file = folder.resolve("file-" + own);
                byte[] content = new byte[100_000 + own];
                Files.write(file, content);
                seen.add(Files.readAllBytes(file).length - own);
                try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
                  random.seek(50_000);
                  random.write(7);
                  random.seek(50_000);
                  if (random.read() != 7) {
                    seen.add("wrong");
                  }
                }
                Files.delete(file);
              }));
    }
    String end = ended(threads.toArray(new Thread[0]));
    Files.delete(folder);
    return end + " " + seen;
  }

  @Case
  static Object asynchronousFile() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Path file = Files.createTempFile("husk-it", "");
    Thread thread =
        go(
            () -> {
              try (AsynchronousFileChannel channel =
                  AsynchronousFileChannel.open(
                      file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                seen.add(channel.write(ByteBuffer.wrap(new byte[100]), 0).get());
                seen.add(channel.read(ByteBuffer.allocate(200), 0).get());
              }
            });
    String end = ended(thread);
    Files.delete(file);
    return end + " " + seen;
  }

  @Case
  static Object fileLocks() throws Exception {
    Path file = Files.createTempFile("husk-it", "");
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      FileLock lock = channel.lock();
      Thread thread =
          go(
              () -> {
                try (FileChannel second = FileChannel.open(file, StandardOpenOption.WRITE)) {
                  seen.add(thrown(second::lock));
                }
              });
      ended(thread);
      lock.release();
    }
    Files.delete(file);
    return seen;
  }

  @Case
  static Object watchedFolder() throws Exception {
    Path folder = Files.createTempDirectory("husk-it");
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (WatchService watcher = FileSystems.getDefault().newWatchService()) {
      folder.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
      Thread thread =
          go(() -> seen.add(watcher.take().pollEvents().getFirst().context().toString()));
      Help.pause(20);
      Files.createFile(folder.resolve("new"));
      ended(thread);
    }
    Files.delete(folder.resolve("new"));
    Files.delete(folder);
    return seen;
  }

  @Case
  static Object lookupOfLocalhost() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      threads.add(go(() -> seen.add(InetAddress.getByName("localhost").isLoopbackAddress())));
    }
    return ended(threads.toArray(new Thread[0])) + " " + seen;
  }

  @Case
  static Object lookupOfUnknownName() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () ->
                seen.add(
                    thrown(() -> InetAddress.getByName("no.such.name.invalid")).split(" ")[0]));
    return ended(thread) + " " + seen;
  }

  @Case
  static Object namedPipes() throws Exception {
    // Opening a FIFO blocks inside the kernel until the other side comes.
    Path folder = Files.createTempDirectory("husk-it");
    List<Thread> threads = new ArrayList<>();
    AtomicLong sum = new AtomicLong();
    for (int i = 0; i < 6; i++) {
      Path fifo = folder.resolve("fifo-" + i);
      new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
      threads.add(
          go(
              () -> {
                try (InputStream in = Files.newInputStream(fifo)) {
                  sum.addAndGet(in.read());
                }
              }));
    }
    Help.pause(50);
    for (int i = 0; i < 6; i++) {
      Path fifo = folder.resolve("fifo-" + i);
      threads.add(
          go(
              () -> {
                try (OutputStream out = Files.newOutputStream(fifo)) {
                  out.write(10);
                }
              }));
    }
    String end = ended(threads.toArray(new Thread[0]));
    for (int i = 0; i < 6; i++) {
      Files.delete(folder.resolve("fifo-" + i));
    }
    Files.delete(folder);
    return end + " " + sum;
  }

  @Case
  static Object pipedStreams() throws Exception {
    PipedInputStream in = new PipedInputStream(64);
    PipedOutputStream out = new PipedOutputStream(in);
    AtomicLong sum = new AtomicLong();
    Thread reader =
        go(
            () -> {
              for (int b = in.read(); b >= 0; b = in.read()) {
                sum.addAndGet(b);
              }
            });
    Thread writer =
        go(
            () -> {
              try (out) {
                for (int i = 0; i < 1_000; i++) {
                  out.write(i % 100);
                }
              }
            });
    return ended(writer, reader) + " " + sum;
  }

  @Case
  static Object pipedStreamsDeadWriter() throws Exception {
    // PipedInputStream remembers the thread that wrote last and asks whether it is alive.
    PipedInputStream in = new PipedInputStream();
    PipedOutputStream out = new PipedOutputStream(in);
    Thread writer = go(() -> out.write(1));
    ended(writer);
    int first = in.read();
    return first + " " + thrown(in::read);
  }
}

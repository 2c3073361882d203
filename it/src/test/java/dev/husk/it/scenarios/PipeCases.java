package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.buffer;
import static dev.husk.it.scenarios.LoopbackHelp.pattern;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.told;

import dev.husk.it.scenarios.Kind.Meanwhile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** {@code java.nio.channels.Pipe}: what fits, what blocks, how it ends, and who watches it. */
final class PipeCases {
  private static final int SIZE = 300_000;
  private static final int CAPACITY = 65_536;

  private PipeCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(PipeCases.class, args);
  }

  /** Both ends of a pipe. */
  private record Pipe(
      java.nio.channels.Pipe.SourceChannel source, java.nio.channels.Pipe.SinkChannel sink)
      implements AutoCloseable {
    static Pipe open() throws IOException {
      java.nio.channels.Pipe pipe = java.nio.channels.Pipe.open();
      return new Pipe(pipe.source(), pipe.sink());
    }

    static Pipe openNonBlocking() throws IOException {
      Pipe pipe = open();
      pipe.source.configureBlocking(false);
      pipe.sink.configureBlocking(false);
      return pipe;
    }

    int write(int length) throws IOException {
      return sink.write(ByteBuffer.wrap(pattern(length)));
    }

    int read(int length) throws IOException {
      return source.read(ByteBuffer.allocate(length));
    }

    /** Fills it by one write. */
    Pipe full() throws IOException {
      write(CAPACITY);
      return this;
    }

    @Override
    public void close() throws IOException {
      sink.close();
      source.close();
    }
  }

  // What fits

  @Case
  static Object capacity() {
    return Kind.each(
        kind -> {
          List<String> all = new ArrayList<>();
          for (int length : new int[] {1, 100, 3000, 4095, 4096, 4097, 5000, 12_288, 70_000}) {
            try (Pipe pipe = Pipe.openNonBlocking()) {
              int sum = 0;
              int last = 0;
              for (int n; (n = pipe.write(length)) > 0; last = n) {
                sum += n;
              }
              all.add(length + ":" + sum + "/" + last);
            }
          }
          return all;
        });
  }

  /** The kernel counts pages: a write starts one of its own unless it fits behind the last. */
  @Case
  static Object randomSizes() {
    return Kind.each(
        kind -> {
          Random random = new Random(20);
          List<Integer> all = new ArrayList<>();
          for (int run = 0; run < 20; run++) {
            int most = 1 << (3 + random.nextInt(15));
            try (Pipe pipe = Pipe.openNonBlocking()) {
              for (int i = 0; i < 100; i++) {
                int length = 1 + random.nextInt(most);
                all.add(random.nextInt(5) < 3 ? pipe.write(length) : -pipe.read(length));
              }
            }
          }
          return all.hashCode() + " " + all.subList(0, 40) + all.subList(1000, 1100);
        });
  }

  @Case
  static Object bytesComeInOrder() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      Random random = new Random(3);
                      ByteBuffer bytes = ByteBuffer.wrap(pattern(10 * SIZE));
                      while (bytes.position() < bytes.capacity()) {
                        int length = random.nextInt(random.nextBoolean() ? 100 : 100_000);
                        bytes.limit(Math.min(bytes.position() + length, bytes.capacity()));
                        pipe.sink.write(bytes);
                      }
                      pipe.sink.close();
                      return "written";
                    });
            ByteBuffer in = ByteBuffer.allocateDirect(10 * SIZE + 1);
            Random random = new Random(4);
            int n;
            do {
              in.limit(Math.min(in.position() + 1 + random.nextInt(50_000), in.capacity()));
              n = pipe.source.read(in);
            } while (n >= 0);
            return writer.end()
                + in.position()
                + in.flip().equals(ByteBuffer.wrap(pattern(SIZE * 10)));
          }
        });
  }

  /** A virtual thread writes what there is room for, another all. */
  @Case
  static Object blockingWriteOfMuch() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open();
              Pipe other = Pipe.open()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      int n = pipe.write(SIZE);
                      pipe.sink.close();
                      ByteBuffer[] two = {ByteBuffer.allocate(1), ByteBuffer.allocate(CAPACITY)};
                      long gathered = other.sink.write(two);
                      other.sink.close();
                      return n + " " + gathered;
                    });
            return writer.settled(kind == Kind.VIRTUAL)
                + Channels.newInputStream(pipe.source).readAllBytes().length
                + " "
                + Channels.newInputStream(other.source).readAllBytes().length
                + " "
                + writer.end();
          }
        });
  }

  /** A write of a page at most goes as a whole: it waits until there is room for that. */
  @Case
  static Object blockingWriteOfLittle() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open()) {
            int n = pipe.write(CAPACITY - 100);
            Meanwhile writer = kind.blocked(() -> pipe.write(101));
            String seen = writer.settled(false);
            pipe.read(4095);
            seen += writer.settled(false);
            pipe.read(1);
            return n + seen + writer.settled(true) + pipe.read(CAPACITY);
          }
        });
  }

  /** Another sees the whole of such a write or nothing, of whatever parts it is. */
  @Case
  static Object writesAreSeenAsAWhole() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.openNonBlocking()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      for (int i = 0; i < 2_000; i++) {
                        ByteBuffer[] parts = {
                          ByteBuffer.allocate(5), ByteBuffer.allocate(3_000), ByteBuffer.allocate(1)
                        };
                        while (pipe.sink.write(parts) == 0) {
                          Thread.yield();
                        }
                      }
                      pipe.sink.close();
                      return "written";
                    });
            int parts = 0;
            int sum = 0;
            ByteBuffer in = ByteBuffer.allocate(CAPACITY);
            for (int n; (n = pipe.source.read(in.clear())) >= 0; sum += n) {
              parts += n % 3_006 == 0 ? 0 : 1;
              Thread.yield();
            }
            return writer.end() + parts + " " + sum;
          }
        });
  }

  @Case
  static Object nonBlocking() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.openNonBlocking()) {
            String seen = pipe.read(1) + " " + readOf(pipe.source) + pipe.write(3);
            seen += pipe.read(2) + " " + pipe.read(2) + " " + pipe.read(2);
            pipe.source.configureBlocking(true);
            pipe.sink.configureBlocking(true);
            Meanwhile reader = kind.begin(k -> pipe.read(10));
            seen += reader.settled(false);
            pipe.write(7);
            seen += reader.end();
            pipe.source.configureBlocking(false);
            return seen + pipe.read(1) + pipe.source.isBlocking() + pipe.sink.isBlocking();
          }
        });
  }

  @Case
  static Object scatterAndGather() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open()) {
            ByteBuffer direct = ByteBuffer.allocateDirect(5);
            direct.put(pattern(5)).flip();
            ByteBuffer[] out = {
              buffer("one"), ByteBuffer.allocate(0), direct, buffer("three").asReadOnlyBuffer()
            };
            long wrote = pipe.sink.write(out);
            ByteBuffer[] in = {
              ByteBuffer.allocate(0),
              ByteBuffer.allocate(4),
              ByteBuffer.allocateDirect(2),
              ByteBuffer.allocate(50)
            };
            long read = pipe.source.read(in);
            String positions = Arrays.toString(in);
            ByteBuffer[] many = new ByteBuffer[1500];
            Arrays.setAll(many, i -> ByteBuffer.wrap(pattern(i % 40)));
            long sum = 0;
            for (long n = pipe.sink.write(many); n > 0; n = pipe.sink.write(many)) {
              sum = sum * 31 + n;
            }
            pipe.sink.close();
            ByteBuffer[] into = {ByteBuffer.allocate(10_000), ByteBuffer.allocateDirect(100_000)};
            long back = pipe.source.read(into);
            return wrote + " " + read + positions + sum + " " + back + pipe.source.read(in);
          }
        });
  }

  @Case
  static Object emptyBuffers() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      String seen =
          pipe.write(0)
              + " "
              + pipe.read(0)
              + pipe.sink.write(new ByteBuffer[] {ByteBuffer.allocate(0)})
              + pipe.source.read(new ByteBuffer[0])
              + thrown(() -> pipe.source.read(buffer("ro").asReadOnlyBuffer()))
              + pipe.source.validOps()
              + pipe.sink.validOps();
      pipe.source.close();
      return seen + pipe.write(0);
    }
  }

  // Ends

  @Case
  static Object sourceIsClosed() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open();
              Pipe other = Pipe.open().full();
              Pipe third = Pipe.open()) {
            pipe.source.close();
            String broken =
                told(() -> pipe.write(1))
                    + told(() -> pipe.sink.write(new ByteBuffer[] {buffer("a"), buffer("b")}))
                    + pipe.sink.isOpen();
            Meanwhile writer = kind.begin(k -> other.write(1));
            Meanwhile much = kind.begin(k -> told(() -> third.write(SIZE)) + third.write(1));
            pause(60);
            other.source.close();
            third.source.close();
            return broken + writer.end() + much.end();
          }
        });
  }

  @Case
  static Object sinkIsClosed() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open();
              Pipe other = Pipe.open()) {
            pipe.write(5);
            pipe.sink.close();
            String seen = pipe.read(2) + " " + pipe.read(10) + " " + pipe.read(10) + pipe.read(10);
            Meanwhile reader = kind.begin(k -> readOf(other.source));
            pause(60);
            other.sink.close();
            return seen + reader.end() + readOf(other.source) + other.source.isOpen();
          }
        });
  }

  @Case
  static Object closedEnds() throws Exception {
    Pipe pipe = Pipe.open();
    pipe.close();
    return thrown(() -> pipe.write(1))
        + thrown(() -> pipe.read(1))
        + thrown(() -> pipe.sink.configureBlocking(false))
        + thrown(() -> pipe.source.configureBlocking(true))
        + thrown(pipe::close)
        + pipe.sink.isOpen();
  }

  @Case
  static Object closeUnderCalls() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open();
              Pipe full = Pipe.open().full();
              Pipe fresh = Pipe.open()) {
            Meanwhile reader = kind.blocked(() -> pipe.read(10));
            Meanwhile writer = kind.blocked(() -> full.write(10));
            Meanwhile gatherer = kind.begin(k -> fresh.write(SIZE));
            pause(60);
            pipe.source.close();
            full.sink.close();
            fresh.sink.close();
            return reader.end()
                + writer.end()
                + gatherer.end()
                + told(() -> pipe.write(1))
                + full.read(2 * CAPACITY)
                + readOf(full.source)
                + fresh.read(2 * CAPACITY)
                + readOf(fresh.source);
          }
        });
  }

  @Case
  static Object interrupts() {
    return Kind.each(
        kind -> {
          try (Pipe pipe = Pipe.open();
              Pipe full = Pipe.open().full();
              Pipe early = Pipe.open();
              Pipe open = Pipe.openNonBlocking()) {
            Meanwhile reader =
                kind.begin(
                    k -> thrown(() -> pipe.read(10)) + Thread.currentThread().isInterrupted());
            Meanwhile writer =
                kind.begin(
                    k -> thrown(() -> full.write(10)) + Thread.currentThread().isInterrupted());
            Meanwhile before =
                kind.begin(
                    k -> {
                      Thread.currentThread().interrupt();
                      return open.write(1) + thrown(() -> early.write(1)) + Thread.interrupted();
                    });
            pause(60);
            reader.thread().interrupt();
            writer.thread().interrupt();
            return reader.end()
                + writer.end()
                + before.end()
                + pipe.source.isOpen()
                + full.sink.isOpen()
                + early.sink.isOpen()
                + open.sink.isOpen()
                + told(() -> pipe.write(1))
                + full.read(2 * CAPACITY)
                + readOf(full.source);
          }
        });
  }

  /** Closes race calls; all come to an end, and nothing is lost that was written. */
  @Case
  static Object racingCloses() {
    return Kind.each(
        kind -> {
          int right = 0;
          for (int i = 0; i < 30; i++) {
            try (Pipe pipe = Pipe.open()) {
              boolean sink = i % 2 == 0;
              Meanwhile writer =
                  kind.begin(
                      k -> {
                        long sum = 0;
                        try {
                          while (true) {
                            sum += pipe.write(500);
                          }
                        } catch (IOException e) {
                          return sum + " " + sink;
                        }
                      });
              Meanwhile reader =
                  kind.begin(
                      k -> {
                        long sum = 0;
                        int n;
                        while ((n = pipe.read(300)) > 0) {
                          sum += n;
                        }
                        return sum + " true";
                      });
              Help.spin(i % 3);
              (sink ? pipe.sink : pipe.source).close();
              String wrote = writer.end();
              String read = reader.end();
              boolean closed = read.startsWith("java.nio.channels.") && wrote.endsWith("false");
              right += (sink ? wrote.equals(read) : closed) ? 1 : 0;
            }
          }
          return right;
        });
  }

  /** An end that nobody knows any more isn't closed. */
  @Case
  static Object forgottenEnds() throws Exception {
    java.nio.channels.Pipe.SourceChannel source = java.nio.channels.Pipe.open().source();
    source.configureBlocking(false);
    for (int i = 0; i < 3; i++) {
      System.gc();
      pause(10);
    }
    String seen = readOf(source);
    source.close();
    return seen;
  }

  @Case
  static Object manyPipes() {
    return Kind.each(
        kind -> {
          int right = 0;
          for (int i = 0; i < 300; i++) {
            try (Pipe pipe = Pipe.open()) {
              if (i % 3 == 0) {
                pipe.source.configureBlocking(false);
                pipe.sink.configureBlocking(i % 2 == 0);
              }
              right += pipe.write(i + 1) + pipe.read(i) == 2 * i + 1 ? 1 : 0;
            }
          }
          return right;
        });
  }

  @Case
  static Object kindsTakeTurns() {
    return Kind.each(
        kind -> {
          try (Pipe there = Pipe.open();
              Pipe back = Pipe.open()) {
            int right = 0;
            for (Kind other : Kind.values()) {
              Meanwhile echo =
                  other.begin(
                      k -> {
                        ByteBuffer bytes = ByteBuffer.allocate(100);
                        for (int i = 0; i < 50; i++) {
                          there.source.read(bytes.clear());
                          back.sink.write(bytes.flip());
                        }
                        return "echoed";
                      });
              for (int i = 0; i < 50; i++) {
                there.write(1 + i);
                right += back.read(1000) == 1 + i ? 1 : 0;
              }
              right += echo.end().equals("echoed") ? 1 : 0;
            }
            return right;
          }
        });
  }

  // Selectors

  private static void watch(Selector selector, SelectableChannel channel, String name)
      throws IOException {
    channel.register(selector, channel.validOps(), name);
  }

  private static String selected(Selector selector, long millis) throws IOException {
    if (millis == 0) {
      selector.selectNow();
    } else {
      selector.select(millis);
    }
    TreeSet<String> ready = new TreeSet<>();
    for (SelectionKey key : selector.selectedKeys()) {
      ready.add(key.attachment() + "=" + (key.isValid() ? key.readyOps() : "invalid"));
    }
    selector.selectedKeys().clear();
    return ready.toString();
  }

  @Case
  static Object readiness() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (Selector selector = Selector.open();
              Pipe pipe = Pipe.openNonBlocking();
              Pipe other = Pipe.openNonBlocking()) {
            watch(selector, pipe.source, "source");
            watch(selector, pipe.sink, "sink");
            seen.append(selected(selector, 0));
            pipe.write(CAPACITY - 4096);
            seen.append(selected(selector, 0));
            pipe.write(1);
            seen.append(selected(selector, 0)).append(pipe.write(4095)).append(pipe.write(1));
            pipe.read(4095);
            seen.append(selected(selector, 0));
            pipe.read(1);
            seen.append(selected(selector, 0)).append(pipe.write(CAPACITY));
            seen.append(selected(selector, 0));
            pipe.sink.close();
            seen.append(selected(selector, 0)).append(pipe.read(CAPACITY));
            seen.append(selected(selector, 0)).append(pipe.read(1)).append(selected(selector, 0));
            pipe.source.close();
            other.full();
            watch(selector, other.sink, "other");
            seen.append(selected(selector, 0));
            other.source.close();
            seen.append(selected(selector, 0)).append(told(() -> other.write(1)));
            return seen.append(selector.keys().size());
          }
        });
  }

  @Case
  static Object selectIsWoken() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (Selector selector = Selector.open();
              Pipe pipe = Pipe.openNonBlocking();
              Pipe full = Pipe.openNonBlocking().full();
              Pipe broken = Pipe.openNonBlocking().full()) {
            watch(selector, pipe.source, "source");
            watch(selector, full.sink, "full");
            watch(selector, broken.sink, "broken");
            seen.append(after(kind, selector, 3_000, () -> pipe.write(3)))
                .append(readOf(pipe.source).length());
            seen.append(after(kind, selector, 200, () -> full.read(1)));
            seen.append(after(kind, selector, 3_000, () -> full.read(4096)))
                .append(full.write(4096));
            seen.append(after(kind, selector, 3_000, broken.source::close));
            broken.sink.close();
            seen.append(selected(selector, 0));
            seen.append(after(kind, selector, 3_000, pipe.sink::close));
            pipe.source.close();
            seen.append(after(kind, selector, 200, full.sink::close))
                .append(selector.keys().size());
            return seen;
          }
        });
  }

  /** What a select of this thread's tells once another has done something. */
  private static String after(Kind kind, Selector selector, long millis, Help.Body body)
      throws Exception {
    Meanwhile other =
        kind.begin(
            k -> {
              pause(30);
              body.run();
              return "";
            });
    String seen = selected(selector, millis);
    return seen + other.end();
  }

  @Case
  static Object registeredEnds() throws Exception {
    try (Selector selector = Selector.open();
        Pipe pipe = Pipe.open()) {
      String early = thrown(() -> watch(selector, pipe.source, "source"));
      pipe.source.configureBlocking(false);
      watch(selector, pipe.source, "source");
      String late = thrown(() -> pipe.source.configureBlocking(true));
      // Closed when the selector lets it go.
      pipe.source.close();
      String before = told(() -> pipe.write(1));
      selector.selectNow();
      return early + late + before + told(() -> pipe.write(1));
    }
  }

  // Streams and files

  @Case
  static Object streams() {
    return Kind.each(
        kind -> {
          Pipe pipe = Pipe.open();
          Meanwhile writer =
              kind.begin(
                  k -> {
                    try (OutputStream out = Channels.newOutputStream(pipe.sink)) {
                      out.write(pattern(SIZE));
                      out.write(1);
                    }
                    return pipe.sink.isOpen();
                  });
          try (InputStream in = Channels.newInputStream(pipe.source)) {
            byte[] back = in.readNBytes(SIZE);
            return Arrays.equals(pattern(SIZE), back)
                + writer.end()
                + in.read()
                + in.read()
                + in.available();
          }
        });
  }

  @Case
  static Object fileToPipe() {
    return Kind.each(
        kind -> {
          Path file = Files.createTempFile("husk-pipe", ".bin");
          Files.write(file, pattern(SIZE));
          try (FileChannel from = FileChannel.open(file);
              Pipe pipe = Pipe.open();
              Pipe small = Pipe.openNonBlocking()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      long sum = 0;
                      while (sum < SIZE) {
                        sum += from.transferTo(sum, SIZE - sum, pipe.sink);
                      }
                      pipe.sink.close();
                      return sum;
                    });
            byte[] back = Channels.newInputStream(pipe.source).readAllBytes();
            String seen = writer.end() + Arrays.equals(pattern(SIZE), back) + from.position();
            seen += " " + from.transferTo(0, 100, small.sink) + " " + small.read(SIZE);
            seen += " " + from.transferTo(0, SIZE, small.sink);
            seen += " " + from.transferTo(0, SIZE, small.sink);
            small.source.close();
            return seen
                + told(() -> from.transferTo(0, SIZE, small.sink))
                + told(() -> from.transferTo(0, SIZE, pipe.sink));
          } finally {
            Files.delete(file);
          }
        });
  }

  @Case
  static Object pipeToFile() {
    return Kind.each(
        kind -> {
          Path file = Files.createTempFile("husk-pipe", ".bin");
          try (FileChannel to =
                  FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
              Pipe pipe = Pipe.open();
              Pipe none = Pipe.openNonBlocking()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      Channels.newOutputStream(pipe.sink).write(pattern(SIZE));
                      pipe.sink.close();
                      return "written";
                    });
            long sum = 0;
            for (long n; (n = to.transferFrom(pipe.source, sum, 1 << 20)) > 0; ) {
              sum += n;
            }
            return writer.end()
                + sum
                + Arrays.equals(pattern(SIZE), Files.readAllBytes(file))
                + to.transferFrom(none.source, 0, 100)
                + to.position();
          } finally {
            Files.delete(file);
          }
        });
  }
}

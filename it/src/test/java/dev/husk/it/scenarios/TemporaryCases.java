package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.MemoryHelp.fill;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.inTurn;
import static dev.husk.it.scenarios.MemoryHelp.size;
import static dev.husk.it.scenarios.MemoryHelp.sizes;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The memory that the JDK takes for a moment, or keeps for a thread, where channels and files are
 * given arrays, names and addresses.
 *
 * <p>Run with {@code -Djdk.nio.maxCachedBufferSize=100000}, so that threads keep some of it and
 * give back the rest.
 */
final class TemporaryCases {
  private TemporaryCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(TemporaryCases.class, args);
  }

  private static FileChannel file(OpenOption... more) throws IOException {
    Set<OpenOption> options = new HashSet<>(Set.of(more));
    options.addAll(Set.of(CREATE, READ, WRITE, DELETE_ON_CLOSE));
    return FileChannel.open(Files.createTempFile("husk-temporary", null), options);
  }

  private static ByteBuffer heap(int size, int seed) {
    return fill(ByteBuffer.allocate(size), seed);
  }

  /** Writes and reads back, at sizes that come in an order of their own. */
  private static int wrongInFile(FileChannel file, int seed) throws IOException {
    int wrong = 0;
    long position = 0;
    for (int size : sizes(1 << 22, seed)) {
      file.write(heap(size, seed + size), position);
      ByteBuffer back = ByteBuffer.allocate(size);
      wrong += file.read(back, position) == size && holds(back, seed + size) ? 0 : 1;
      position += size;
    }
    return wrong;
  }

  @Case
  static Object files() {
    Pool before = Pool.now();
    String seen =
        Kind.each(
            kind -> {
              try (FileChannel file = file()) {
                return wrongInFile(file, 1) + wrongInFile(file, 2) + wrongInFile(file, 3);
              }
            });
    return before.moved() + seen;
  }

  /** Each thread leaves what it kept; those that follow may be given it. */
  @Case
  static Object filesOfManyThreads() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          try (FileChannel file = file()) {
            for (int i = 0; i < 12; i++) {
              int seed = i;
              all.add(kind.begin(k -> wrongInFile(file, seed)).end());
            }
          }
          return all;
        });
  }

  private static ByteBuffer[] parts(Random random, int count, int most, boolean filled) {
    ByteBuffer[] parts = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      int size = size(random, most);
      parts[i] =
          random.nextInt(4) == 0 ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
      if (filled) {
        fill(parts[i], i);
      }
    }
    return parts;
  }

  /** More parts than the kernel takes at once, in arrays and not. */
  private static Object wrongInParts(FileChannel file, int count, int most) throws IOException {
    ByteBuffer[] parts = parts(new Random(count), count, most, true);
    file.position(0);
    long sum = 0;
    long calls = 0;
    for (long n; (n = file.write(parts)) > 0; calls++) {
      sum += n;
    }
    ByteBuffer[] back = parts(new Random(count), count, most, false);
    file.position(0);
    for (long left = sum; left > 0; calls++) {
      left -= Math.max(1, file.read(back));
    }
    int wrong = 0;
    for (int i = 0; i < count; i++) {
      boolean same = back[i].position() == parts[i].position() && holds(back[i].flip(), i);
      wrong += same ? 0 : 1;
    }
    return sum + " " + calls + " " + wrong;
  }

  @Case
  static Object scatterAndGather() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          try (FileChannel file = file()) {
            all.add(wrongInParts(file, 3, 2_000_000));
            all.add(wrongInParts(file, 16, 10_000));
            all.add(wrongInParts(file, 17, 300_000));
            all.add(wrongInParts(file, 1024, 2_000));
            all.add(wrongInParts(file, 2500, 3_000));
            all.add(wrongInParts(file, 1, 500_000));
          }
          return all;
        });
  }

  /** The kernel reads and writes such a file's blocks where they are: at addresses that suit it. */
  @Case
  static Object unbuffered() {
    return Kind.each(
        kind -> {
          List<Object> all = new ArrayList<>();
          try (FileChannel file = file(ExtendedOpenOption.DIRECT)) {
            for (int blocks : new int[] {1, 2, 7, 64, 3, 1}) {
              int size = blocks * 4096;
              int seed = blocks;
              ByteBuffer back = ByteBuffer.allocate(size);
              all.add(
                  told(() -> file.write(heap(size, seed), 0))
                      + told(() -> file.read(back, 0) == size && holds(back, seed)));
            }
            all.add(told(() -> file.write(ByteBuffer.allocate(100), 0)));
            all.add(told(() -> file.write(ByteBuffer.allocate(4096), 1)));
          } catch (UnsupportedOperationException e) {
            all.add(e.getMessage());
          }
          return all;
        });
  }

  @Case
  static Object asynchronousFiles() {
    return Kind.each(
        kind -> {
          int wrong = 0;
          Path path = Files.createTempFile("husk-temporary", null);
          try (AsynchronousFileChannel file =
              AsynchronousFileChannel.open(path, READ, WRITE, DELETE_ON_CLOSE)) {
            for (int size : sizes(1 << 20, 4)) {
              ByteBuffer back = ByteBuffer.allocate(size);
              boolean whole = file.write(heap(size, size), 7).get() == size;
              whole &= file.read(back, 7).get() == size;
              wrong += whole && holds(back, size) ? 0 : 1;
            }
          }
          return wrong;
        });
  }

  @Case
  static Object connections() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = SocketHelp.channelPair()) {
            List<Integer> sizes = sizes(1 << 20, 5);
            Meanwhile writer =
                kind.begin(
                    k -> {
                      for (int size : sizes) {
                        ByteBuffer part = heap(size, size);
                        while (part.hasRemaining()) {
                          pair.client().write(part);
                        }
                      }
                      return "written";
                    });
            int wrong = 0;
            for (int size : sizes) {
              ByteBuffer back = ByteBuffer.allocate(size);
              while (back.hasRemaining() && pair.server().read(back) >= 0) {}
              wrong += holds(back, size) ? 0 : 1;
            }
            return writer.end() + " " + wrong;
          }
        });
  }

  @Case
  static Object gatheredInConnections() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = SocketHelp.channelPair()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      ByteBuffer[] parts = parts(new Random(6), 1500, 3_000, true);
                      long sum = 0;
                      for (long n; (n = pair.client().write(parts)) > 0; ) {
                        sum += n;
                      }
                      pair.client().shutdownOutput();
                      return sum;
                    });
            ByteBuffer[] back = parts(new Random(6), 1500, 3_000, false);
            long sum = 0;
            for (long n; (n = pair.server().read(back)) > 0; ) {
              sum += n;
            }
            int wrong = 0;
            for (int i = 0; i < back.length; i++) {
              wrong += !back[i].hasRemaining() && holds(back[i], i) ? 0 : 1;
            }
            return writer.end() + " " + sum + " " + wrong;
          }
        });
  }

  @Case
  static Object pipes() {
    return Kind.each(
        kind -> {
          Pipe pipe = Pipe.open();
          int wrong = 0;
          for (int size : sizes(60_000, 7)) {
            pipe.sink().write(heap(size, size));
            ByteBuffer back = ByteBuffer.allocate(size);
            while (back.hasRemaining() && pipe.source().read(back) >= 0) {}
            wrong += holds(back, size) ? 0 : 1;
          }
          pipe.sink().close();
          pipe.source().close();
          return wrong;
        });
  }

  /** Addresses too are handed to the kernel outside the heap. */
  @Case
  static Object datagrams() {
    return Kind.each(
        kind -> {
          InetSocketAddress any = new InetSocketAddress(SocketHelp.loopback(), 0);
          try (DatagramChannel one = DatagramChannel.open().bind(any);
              DatagramChannel two = DatagramChannel.open().bind(any)) {
            int wrong = 0;
            for (int size : sizes(60_000, 8)) {
              one.send(heap(size, size), two.getLocalAddress());
              ByteBuffer back = ByteBuffer.allocate(size + 1);
              SocketAddress from = two.receive(back);
              boolean same = from.equals(one.getLocalAddress()) && back.position() == size;
              wrong += same && holds(back.flip(), size) ? 0 : 1;
            }
            return wrong;
          }
        });
  }

  /** Names of all lengths go to the kernel and come back. */
  @Case
  static Object names() {
    return Kind.each(
        kind -> {
          Path directory = Files.createTempDirectory("husk-names");
          TreeSet<String> made = new TreeSet<>();
          TreeSet<String> seen = new TreeSet<>();
          for (int i = 1; i <= 240; i += 1 + i / 20) {
            String name = "n".repeat(i);
            Path target = directory.resolve("t" + "o".repeat(i));
            Files.createSymbolicLink(directory.resolve(name), target);
            Path read = Files.readSymbolicLink(directory.resolve(name));
            made.add(name + " " + target.getFileName());
            Files.move(directory.resolve(name), directory.resolve(name + "m"));
            seen.add(name + " " + read.getFileName());
          }
          boolean same = made.equals(seen);
          int listed = 0;
          try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
            for (Path path : paths) {
              String name = path.getFileName().toString();
              listed += name.matches("n+m") && made.contains(moved(path)) ? 1 : 0;
              Files.delete(path);
            }
          }
          Files.delete(directory);
          return same + " " + made.size() + " " + listed;
        });
  }

  private static String moved(Path link) throws IOException {
    String name = link.getFileName().toString();
    return name.substring(0, name.length() - 1) + " " + Files.readSymbolicLink(link).getFileName();
  }

  /** None of it is what the limit and the figures are about, even while it is kept. */
  @Case
  static Object figures() {
    return inTurn(
        kind -> {
          Pool before = Pool.now();
          try (FileChannel file = file()) {
            List<Object> all = new ArrayList<>();
            for (int size : new int[] {1, 99_999, 100_001, 10_000_000}) {
              all.add(file.write(heap(size, 1), 0) + " " + before.moved());
            }
            return all;
          }
        });
  }
}

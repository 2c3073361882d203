package dev.husk.image.squashfs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes the blocks of files and fragments, one behind the other in the order in which they come.
 * They are compressed by several threads meanwhile, a few blocks ahead; how many threads there are
 * makes no difference to what is written.
 */
final class DataWriter implements AutoCloseable {
  private static final int AHEAD_OF_EACH_THREAD = 4;

  private final Output out;
  private final Compressor compressor;
  private final ExecutorService threads;
  private final int most;
  private final Queue<Pending> pending = new ArrayDeque<>();

  /** Is told where a block is, on the thread that adds blocks. */
  interface Sink {
    void written(long position, Block block) throws IOException;
  }

  private record Pending(Future<Block> block, Sink sink) {}

  DataWriter(Output out, Compressor compressor, int threads) {
    this.out = out;
    this.compressor = compressor;
    this.threads =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("husk-squashfs-", 0).factory());
    most = threads * AHEAD_OF_EACH_THREAD;
  }

  /** Adds a block that is still to be compressed. It must not be changed any more. */
  void add(byte[] content, Sink sink) throws IOException {
    add(threads.submit(() -> Block.of(content, compressor)), sink);
  }

  /** Adds a block as it is. */
  void add(Block block, Sink sink) throws IOException {
    add(CompletableFuture.completedFuture(block), sink);
  }

  /** Writes all that has been added. */
  void flush() throws IOException {
    while (!pending.isEmpty()) {
      writeNext();
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void add(Future<Block> block, Sink sink) throws IOException {
    pending.add(new Pending(block, sink));
    while (pending.size() > most) {
      writeNext();
    }
  }

  private void writeNext() throws IOException {
    Pending next = pending.remove();
    try {
      Block block = next.block.get();
      long position = out.position();
      out.write(block.bytes());
      next.sink.written(position, block);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("squashfs: interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw new IOException("squashfs: a block can't be compressed", e.getCause());
    }
  }
}

package dev.husk.image.squashfs;

import dev.husk.image.cache.Cache;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compressed blocks of large files in a directory, by the digests of the files. Other processes
 * may use it at the same time. An entry that is damaged isn't found, and written anew.
 */
final class BlockCache implements AutoCloseable {
  private final Path directory;
  private final String kind;
  private final List<BlockRecorder> recorders = new ArrayList<>();

  /**
   * The cache in a directory, which is made when it isn't there.
   *
   * @param kind how the blocks are compressed, a part of the entries' names
   */
  BlockCache(Path directory, String kind) throws IOException {
    this.directory = directory;
    this.kind = kind;
    Files.createDirectories(directory);
    Cache.prune(directory);
  }

  /**
   * The blocks of a file, or null if they aren't there.
   *
   * @param count how many blocks it has
   */
  @Nullable CachedBlocks find(String digest, int count) throws IOException {
    Path entry = entry(digest);
    FileChannel channel;
    try {
      channel = FileChannel.open(entry, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
    CachedBlocks blocks = null;
    try {
      blocks = CachedBlocks.verified(channel, count);
      if (blocks != null) {
        Cache.used(entry);
      }
    } catch (NoSuchFileException e) {
      // Another process has deleted it meanwhile; what is open stays.
    } finally {
      if (blocks == null) {
        channel.close();
      }
    }
    return blocks;
  }

  /** Begins the entry of a file. */
  BlockRecorder record(String digest) throws IOException {
    Path fresh = Files.createTempFile(directory, "compressing", null);
    BlockRecorder recorder = new BlockRecorder(fresh, entry(digest));
    recorders.add(recorder);
    return recorder;
  }

  /** Deletes what hasn't become an entry. */
  @Override
  public void close() throws IOException {
    for (BlockRecorder recorder : recorders) {
      recorder.close();
    }
  }

  private Path entry(String digest) {
    return directory.resolve(digest + "-" + kind + ".blocks");
  }
}

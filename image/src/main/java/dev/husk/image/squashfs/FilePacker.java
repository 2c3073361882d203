package dev.husk.image.squashfs;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Packs the bytes of files, equal files once. What small files hold is compressed each time, what
 * large ones hold comes from the cache, or goes into it: they are read once for their digest, and
 * once more if the cache doesn't know it.
 */
final class FilePacker {
  private final DataWriter writer;
  private final Fragments fragments;
  private final BlockCache cache;
  private final int blockSize;
  private final int large;

  /** By their digests. */
  private final Map<String, FileData> packed = new HashMap<>();

  /**
   * A packer.
   *
   * @param large the size of files from which on the cache keeps their blocks
   */
  FilePacker(DataWriter writer, Fragments fragments, BlockCache cache, int blockSize, int large) {
    this.writer = writer;
    this.fragments = fragments;
    this.cache = cache;
    this.blockSize = blockSize;
    this.large = large;
  }

  /**
   * Adds a file, which has a path for messages. Where it is, is known when the writer has written
   * all.
   */
  FileData pack(String path, Content content) throws IOException {
    long size = content.size();
    boolean isLarge = size >= large;
    List<byte[]> blocks = new ArrayList<>();
    byte[] tail = {};
    String digest;
    try (BlockInput in = new BlockInput(path, content, blockSize)) {
      for (byte[] block = in.next(); block.length > 0; block = in.next()) {
        if (block.length < blockSize) {
          tail = block;
        } else if (!isLarge) {
          blocks.add(block);
        }
      }
      digest = in.digest();
    }
    FileData known = packed.get(digest);
    if (known != null) {
      return known;
    }
    FileData data = new FileData(size, blockSize);
    packed.put(digest, data);
    if (isLarge) {
      addLarge(path, content, digest, data);
    } else {
      for (byte[] block : blocks) {
        add(block, data);
      }
    }
    if (tail.length > 0) {
      fragments.add(tail, data);
    }
    return data;
  }

  private void addLarge(String path, Content content, String digest, FileData data)
      throws IOException {
    int count = data.blocks().length;
    try (CachedBlocks cached = cache.find(digest, count)) {
      if (cached != null) {
        for (int i = 0; i < count; i++) {
          writer.add(cached.next(), data);
        }
        return;
      }
    }
    BlockRecorder recorder = cache.record(digest);
    try (BlockInput in = new BlockInput(path, content, blockSize)) {
      for (byte[] block = in.next(); block.length > 0; block = in.next()) {
        if (block.length == blockSize) {
          add(
              block,
              (position, compressed) -> {
                data.written(position, compressed);
                recorder.add(compressed);
              });
        }
      }
      if (!in.digest().equals(digest)) {
        throw new IOException(path + ": changed while it was read");
      }
    }
    // Behind its last block.
    writer.add(Block.SPARSE, (position, none) -> recorder.finish());
  }

  private void add(byte[] block, DataWriter.Sink sink) throws IOException {
    if (Block.isZeros(block)) {
      writer.add(Block.SPARSE, sink);
    } else {
      writer.add(block, sink);
    }
  }
}

package dev.husk.image.squashfs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** Compresses blocks, each by itself. Can be used by several threads. */
interface Compressor {

  /** Leaves everything as it is. */
  Compressor NONE = block -> block;

  /** The block compressed, or the block itself if it doesn't get shorter. */
  byte[] compress(byte[] block);

  /**
   * Makes blocks of LZ4, without a frame. By Java code alone: native code makes other bytes, and an
   * image shall not depend on whether there is any.
   */
  static Compressor lz4(int level) {
    LZ4Compressor lz4 = LZ4Factory.safeInstance().highCompressor(level);
    return block -> {
      byte[] to = new byte[lz4.maxCompressedLength(block.length)];
      int length = lz4.compress(block, 0, block.length, to, 0, to.length);
      return length < block.length ? Arrays.copyOf(to, length) : block;
    };
  }

  /**
   * Makes frames of zstd. A frame says how long its content is and needs no window beyond it, so
   * that the kernel, whose window is one block, can read it. They have no checksum: where one isn't
   * in the same page as what is before it, Linux takes the block for damaged, since it has no room
   * for output when it goes on to the next page (fs/squashfs/zstd_wrapper.c).
   */
  static Compressor zstd(int level) {
    return block -> {
      byte[] to = new byte[block.length - 1];
      try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
        zstd.setLevel(level);
        int length = zstd.compressByteArray(to, 0, to.length, block, 0, block.length);
        return Arrays.copyOf(to, length);
      } catch (ZstdException e) {
        if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
          return block;
        }
        throw e;
      }
    };
  }
}

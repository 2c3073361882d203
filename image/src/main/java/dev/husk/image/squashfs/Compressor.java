package dev.husk.image.squashfs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;

/** Compresses blocks, each by itself. Can be used by several threads. */
interface Compressor {

  /** Leaves everything as it is. */
  Compressor NONE = block -> block;

  /** The block compressed, or the block itself if it doesn't get shorter. */
  byte[] compress(byte[] block);

  /**
   * Makes frames of zstd. A frame says how long its content is and needs no window beyond it, so
   * that the kernel, whose window is one block, can read it.
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

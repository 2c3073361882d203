package dev.husk.image.squashfs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/** What a file system can be compressed with, in the order of the numbers in its superblock. */
enum Compression {
  /** What mksquashfs calls gzip, but without the header of that. */
  ZLIB {
    @Override
    byte[] decompress(byte[] block, int most) throws IOException {
      // With room for one byte more it comes to the end, or shows that there is too much.
      byte[] to = new byte[most + 1];
      int length = 0;
      try (Inflater inflater = new Inflater()) {
        inflater.setInput(block);
        int count;
        do {
          count = inflater.inflate(to, length, to.length - length);
          length += count;
        } while (count > 0 && length < to.length);
        if (!inflater.finished()) {
          throw new IOException("it doesn't end within " + most + " bytes");
        }
      } catch (DataFormatException e) {
        throw new IOException(String.valueOf(e.getMessage()), e);
      }
      if (length > most) {
        throw new IOException("it holds more than " + most + " bytes");
      }
      return Arrays.copyOf(to, length);
    }
  },
  LZMA,
  LZO,
  XZ,
  LZ4 {
    @Override
    byte[] decompress(byte[] block, int most) throws IOException {
      byte[] to = new byte[most];
      try {
        int length = LZ4Factory.safeInstance().safeDecompressor().decompress(block, to);
        return Arrays.copyOf(to, length);
      } catch (LZ4Exception e) {
        throw new IOException("it is no LZ4 of at most " + most + " bytes", e);
      }
    }
  },
  ZSTD {
    @Override
    byte[] decompress(byte[] block, int most) throws IOException {
      byte[] to = new byte[most];
      try {
        long length = Zstd.decompressByteArray(to, 0, most, block, 0, block.length);
        if (Zstd.isError(length)) {
          throw new IOException(Zstd.getErrorName(length));
        }
        return Arrays.copyOf(to, (int) length);
      } catch (ZstdException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  };

  /**
   * That of a number.
   *
   * @throws IOException if there is none, or one that isn't read here
   */
  static Compression of(int number) throws IOException {
    if (number < 1 || number > values().length) {
      throw new IOException("squashfs: an unknown compression, number " + number);
    }
    Compression compression = values()[number - 1];
    if (compression != ZLIB && compression != LZ4 && compression != ZSTD) {
      throw new IOException("squashfs: compressed by " + compression + ", which isn't read here");
    }
    return compression;
  }

  int number() {
    return ordinal() + 1;
  }

  /**
   * What a block holds.
   *
   * @throws IOException if it is damaged or holds more than so many bytes
   */
  byte[] decompress(byte[] block, int most) throws IOException {
    throw new IOException("compressed by " + this);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

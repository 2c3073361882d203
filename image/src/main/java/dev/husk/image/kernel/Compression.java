package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.SingleXZInputStream;

/** How a kernel, a module or the data of a package is compressed, told by its first bytes. */
enum Compression {
  GZIP("\u001f\u008b"),
  XZ("\u00fd7zXZ\0"),
  LZ4("\u0002!L\u0018"),
  LZMA("]\0\0"),
  BZIP2("BZh"),
  ZSTD("(\u00b5/\u00fd"),
  LZO("\u0089LZO"),
  /** None that we know. */
  NONE("");

  /** As many bytes tell it. */
  static final int MAGIC = 6;

  // The dictionary of xz -9 has 64 MB.
  private static final int MOST_KILOBYTES = 128 << 10;

  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  /** Tells it by the first bytes. */
  static Compression of(byte[] head) {
    String begin = new String(head, 0, Math.min(head.length, MAGIC), ISO_8859_1);
    return Arrays.stream(values()).filter(c -> begin.startsWith(c.magic)).findFirst().orElse(NONE);
  }

  /** Tells it by the first bytes. */
  static Compression of(Content content) throws IOException {
    try (InputStream in = content.open()) {
      return of(in.readNBytes(MAGIC));
    }
  }

  /**
   * Decompresses one stream; what follows it is left alone.
   *
   * @throws IOException if it is broken, or this is one that isn't supported
   */
  InputStream open(InputStream in) throws IOException {
    return switch (this) {
      case GZIP -> new GZIPInputStream(in, 64 << 10);
      case XZ -> new SingleXZInputStream(in, MOST_KILOBYTES);
      case LZ4 -> new Lz4LegacyInputStream(in);
      case LZMA -> new LZMAInputStream(in, MOST_KILOBYTES);
      case BZIP2 -> new BZip2CompressorInputStream(in);
      case NONE -> in;
      case ZSTD, LZO ->
          throw new IOException(
              "compressed with " + this + ", which Husk can't read: decompress it first");
    };
  }

  /**
   * A content itself if it isn't compressed, or else what it was made from, in memory.
   *
   * @throws IOException if it is broken, or that has more than {@code most} bytes
   */
  static Content decompressed(Content content, int most) throws IOException {
    Compression compression = of(content);
    if (compression == NONE) {
      return content;
    }
    try (InputStream raw = content.open();
        InputStream in = compression.open(raw)) {
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw new IOException("more than " + most + " bytes when decompressed");
      }
      return Content.of(bytes);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

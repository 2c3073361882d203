package dev.husk.image.oci;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.Sha256;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The files that an image is read from as long as it is open: its own, and those that take what was
 * compressed. The latter have no name, so they go when this is closed or the process ends.
 */
final class OpenFiles implements Closeable {

  private static final int BUFFER = 1 << 16;
  private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private final List<FileChannel> channels = new ArrayList<>();
  private long bytesLeft;

  /** Decompresses no more than these bytes, all files together. */
  OpenFiles(long mostBytes) {
    bytesLeft = mostBytes;
  }

  /** A file as it is without compression. */
  FileChannel open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path);
    channels.add(channel);
    Content content = Content.of(path);
    return startsWith(GZIP_MAGIC, content) ? decompress("the archive", content, null) : channel;
  }

  /**
   * What was compressed with gzip, or not at all, in a file of its own.
   *
   * @param where what it is, for messages
   * @param expected its digest without compression, or null if nobody said
   */
  FileChannel decompress(String where, Content content, @Nullable Digest expected)
      throws IOException {
    if (startsWith(ZSTD_MAGIC, content)) {
      throw new IOException(where + " is compressed with zstd, which isn't supported");
    }
    boolean gzip = startsWith(GZIP_MAGIC, content);
    Path file = Files.createTempFile("husk-", null);
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    channels.add(channel);
    MessageDigest sha256 = Sha256.begin();
    try (InputStream raw = new BufferedInputStream(content.open(), BUFFER);
        InputStream plain = gzip ? new GZIPInputStream(raw, BUFFER) : raw;
        InputStream in = new DigestInputStream(plain, sha256)) {
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytesLeft -= read;
        if (bytesLeft < 0) {
          throw new IOException(where + " is too large without its compression");
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (ZipException | EOFException e) {
      throw new IOException(where + " is damaged: it can't be decompressed", e);
    }
    if (expected != null && !expected.equals(Digest.of(sha256))) {
      throw new IOException(where + " is damaged: its digest isn't " + expected);
    }
    return channel;
  }

  private static boolean startsWith(byte[] magic, Content content) throws IOException {
    try (InputStream in = content.open()) {
      return Arrays.equals(magic, in.readNBytes(magic.length));
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}

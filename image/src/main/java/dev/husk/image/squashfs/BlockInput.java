package dev.husk.image.squashfs;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Reads a file block by block, and takes its digest on the way. */
final class BlockInput implements Closeable {
  private final String path;
  private final InputStream in;
  private final int blockSize;
  private final MessageDigest digest = Sha256.begin();
  private final long size;
  private long left;

  /**
   * Opens a file.
   *
   * @param path for messages
   */
  BlockInput(String path, Content content, int blockSize) throws IOException {
    this.path = path;
    this.blockSize = blockSize;
    try {
      size = content.size();
      in = content.open();
    } catch (IOException e) {
      throw failure(e);
    }
    left = size;
  }

  /**
   * The next block; the last may be shorter. Empty at the end.
   *
   * @throws IOException if reading fails or the file isn't as long as it said; with its path
   */
  byte[] next() throws IOException {
    byte[] block;
    boolean tooLong;
    try {
      block = in.readNBytes((int) Math.min(left, blockSize));
      tooLong = block.length == 0 && in.read() >= 0;
    } catch (IOException e) {
      throw failure(e);
    }
    left -= block.length;
    boolean tooShort = block.length < blockSize && left > 0;
    if (tooShort || tooLong) {
      throw new IOException(
          "%s: changed while it was read: it had %d bytes, now %s"
              .formatted(path, size, tooLong ? "more" : size - left));
    }
    digest.update(block);
    return block;
  }

  private IOException failure(IOException cause) {
    return new IOException(path + ": " + cause.getMessage(), cause);
  }

  /** Of all that has been read. */
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

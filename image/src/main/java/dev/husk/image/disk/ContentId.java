package dev.husk.image.disk;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import dev.husk.image.tree.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.UUID;

/** Makes a disk's ids of what is on it, so that the same files have the same ids. */
final class ContentId {

  /** Of the paths and contents of all files. */
  private final byte[] digest;

  /** Reads all files. */
  ContentId(FileTree files) throws IOException {
    MessageDigest sha = Sha256.begin();
    OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha);
    for (Map.Entry<String, Node> entry : files.nodes().entrySet()) {
      sha.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
      // Paths hold no zero, and a size tells where the next path begins: no two trees look alike.
      sha.update((byte) 0);
      if (entry.getValue() instanceof Node.RegularFile file) {
        sha.update(number(file.content().size()));
        file.content().writeTo(out);
      } else {
        sha.update(number(-1));
      }
    }
    digest = sha.digest();
  }

  /** An id of the thing on the disk that has this name: version 8 of RFC 9562. */
  UUID uuid(String name) {
    ByteBuffer bytes = derived(name);
    long high = bytes.getLong() & ~0xF000L | 0x8000L;
    long low = bytes.getLong() & ~(3L << 62) | 1L << 63;
    return new UUID(high, low);
  }

  /** A number for the thing on the disk that has this name. */
  int number(String name) {
    return derived(name).getInt();
  }

  private ByteBuffer derived(String name) {
    MessageDigest sha = Sha256.begin();
    sha.update(digest);
    return ByteBuffer.wrap(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}

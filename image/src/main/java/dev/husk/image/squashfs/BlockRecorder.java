package dev.husk.image.squashfs;

import dev.husk.image.tree.Sha256;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** Writes an entry of the {@link BlockCache}, which {@link CachedBlocks} reads. */
final class BlockRecorder implements Closeable {
  private final Path fresh;
  private final Path entry;
  private final MessageDigest digest = Sha256.begin();
  private final DataOutputStream out;
  private final List<Integer> sizes = new ArrayList<>();

  /**
   * Begins to write.
   *
   * @param fresh a file beside the entry, which becomes the entry in the end
   */
  BlockRecorder(Path fresh, Path entry) throws IOException {
    this.fresh = fresh;
    this.entry = entry;
    out =
        new DataOutputStream(
            new BufferedOutputStream(
                new DigestOutputStream(Files.newOutputStream(fresh), digest), 1 << 16));
  }

  void add(Block block) throws IOException {
    out.write(block.bytes());
    sizes.add(block.size());
  }

  /** Makes it an entry. */
  void finish() throws IOException {
    for (int size : sizes) {
      out.writeInt(size);
    }
    out.flush();
    // What it writes now changes the digest no more.
    out.write(digest.digest());
    out.close();
    Files.move(fresh, entry, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Ends it, and forgets what isn't an entry. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(fresh);
  }
}

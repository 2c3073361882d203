package dev.husk.image.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** The disk in a qcow2 image of version 2 or 3. Looks each place up in the file's tables. */
final class Qcow2Blocks extends Blocks {
  private static final int SMALLEST_CLUSTER_BITS = 9;
  private static final int LARGEST_CLUSTER_BITS = 21;

  private final Blocks file;
  private final int clusterBits;
  private final int l2Bits;
  private final long size;
  private final long l1Offset;

  /** The last one read: small reads come one after the other. */
  private volatile @Nullable Inflated inflated;

  Qcow2Blocks(Blocks file) throws IOException {
    this.file = file;
    if (file.size() < Qcow2Header.VERSION_2_LENGTH) {
      throw new IOException("qcow2: the header is cut off");
    }
    ByteBuffer header = ByteBuffer.allocate(Qcow2Header.VERSION_3_LENGTH);
    header.limit((int) Math.min(header.capacity(), file.size()));
    file.read(0, header);

    int version = header.getInt(Qcow2Header.VERSION_OFFSET);
    if (version != 2 && version != 3) {
      throw new IOException("qcow2: version " + Integer.toUnsignedLong(version));
    }
    if (header.getLong(Qcow2Header.BACKING_FILE_OFFSET) != 0) {
      throw new IOException("qcow2: the image needs a backing file");
    }
    if (header.getInt(Qcow2Header.ENCRYPTION_OFFSET) != 0) {
      throw new IOException("qcow2: the image is encrypted");
    }
    if (version == 3) {
      checkFeatures(header);
    }
    clusterBits = header.getInt(Qcow2Header.CLUSTER_BITS_OFFSET);
    if (clusterBits < SMALLEST_CLUSTER_BITS || clusterBits > LARGEST_CLUSTER_BITS) {
      throw new IOException(
          "qcow2: clusters of 2^" + Integer.toUnsignedLong(clusterBits) + " bytes");
    }
    l2Bits = clusterBits - 3;
    size = header.getLong(Qcow2Header.SIZE_OFFSET);
    l1Offset = header.getLong(Qcow2Header.L1_TABLE_OFFSET);
    long l1Entries = Integer.toUnsignedLong(header.getInt(Qcow2Header.L1_ENTRIES_OFFSET));
    if (size < 0 || Math.ceilDiv(size, 1L << (clusterBits + l2Bits)) > l1Entries) {
      throw new IOException(
          "qcow2: an L1 table of " + l1Entries + " entries for a disk of " + size + " bytes");
    }
  }

  static boolean isQcow2(Blocks file) throws IOException {
    if (file.size() < Integer.BYTES) {
      return false;
    }
    ByteBuffer magic = ByteBuffer.allocate(Integer.BYTES);
    file.read(0, magic);
    return magic.getInt(0) == Qcow2Header.MAGIC;
  }

  private static void checkFeatures(ByteBuffer header) throws IOException {
    if (header.limit() < Qcow2Header.VERSION_3_LENGTH) {
      throw new IOException("qcow2: the header is cut off");
    }
    long features = header.getLong(Qcow2Header.INCOMPATIBLE_FEATURES_OFFSET) & ~Qcow2Header.DIRTY;
    if (features != 0) {
      throw new IOException(
          "qcow2: the image is marked corrupt or uses features that aren't known: bits 0x"
              + Long.toHexString(features));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  void fill(long offset, ByteBuffer to) throws IOException {
    int end = to.limit();
    while (to.position() < end) {
      int within = (int) (offset & ((1 << clusterBits) - 1));
      int length = Math.min(end - to.position(), (1 << clusterBits) - within);
      to.limit(to.position() + length);
      fillFromCluster(offset >> clusterBits, within, to);
      to.limit(end);
      offset += length;
    }
  }

  private void fillFromCluster(long cluster, int within, ByteBuffer to) throws IOException {
    long entry = entry(cluster);
    if ((entry & Qcow2Header.COMPRESSED) != 0) {
      to.put(inflated(entry).slice(within, to.remaining()));
    } else if ((entry & Qcow2Header.OFFSET_MASK) == 0 || (entry & Qcow2Header.ZERO) != 0) {
      to.put(new byte[to.remaining()]);
    } else {
      file.read(aligned(entry) + within, to);
    }
  }

  /** The L2 entry of a cluster, zero if there is none. */
  private long entry(long cluster) throws IOException {
    long table = longAt(l1Offset + (cluster >> l2Bits) * Long.BYTES);
    if ((table & Qcow2Header.OFFSET_MASK) == 0) {
      return 0;
    }
    return longAt(aligned(table) + (cluster & ((1L << l2Bits) - 1)) * Long.BYTES);
  }

  private long aligned(long entry) throws IOException {
    long offset = entry & Qcow2Header.OFFSET_MASK;
    if ((offset & ((1L << clusterBits) - 1)) != 0) {
      throw new IOException(
          "qcow2: an entry points to byte " + offset + ", where no cluster begins");
    }
    return offset;
  }

  private long longAt(long offset) throws IOException {
    ByteBuffer value = ByteBuffer.allocate(Long.BYTES);
    file.read(offset, value);
    return value.getLong(0);
  }

  private ByteBuffer inflated(long entry) throws IOException {
    Inflated last = inflated;
    if (last == null || last.entry != entry) {
      last = new Inflated(entry, inflate(entry));
      inflated = last;
    }
    return last.bytes;
  }

  private ByteBuffer inflate(long entry) throws IOException {
    int shift = Qcow2Header.sectorsShift(clusterBits);
    long begin = entry & ((1L << shift) - 1);
    long sectors = ((entry & ~(Qcow2Header.COPIED | Qcow2Header.COMPRESSED)) >> shift) + 1;
    long end = (begin / Qcow2Header.SECTOR + sectors) * Qcow2Header.SECTOR;
    // The file may end within the last sector.
    long length = Math.min(end, file.size()) - begin;
    if (length <= 0) {
      throw new EOFException("qcow2: compressed bytes at byte " + begin + ", past the end");
    }
    ByteBuffer packed = ByteBuffer.allocate((int) length);
    file.read(begin, packed);

    byte[] bytes = new byte[1 << clusterBits];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed.flip());
      int filled = 0;
      int n;
      do {
        n = inflater.inflate(bytes, filled, bytes.length - filled);
        filled += n;
      } while (n > 0 && filled < bytes.length);
      if (filled < bytes.length) {
        throw new IOException("qcow2: the compressed cluster at byte " + begin + " is too short");
      }
      return ByteBuffer.wrap(bytes);
    } catch (DataFormatException e) {
      throw new IOException("qcow2: the compressed cluster at byte " + begin + " is damaged", e);
    } finally {
      inflater.end();
    }
  }

  /**
   * A cluster that was compressed.
   *
   * @param entry its L2 entry
   */
  private record Inflated(long entry, ByteBuffer bytes) {}
}

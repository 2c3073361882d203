package dev.husk.image.disk;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree as a FAT volume, the smallest that holds it. Directories and files lie one behind
 * the other, none in pieces, in the order of their paths. Permissions are lost: FAT has none.
 */
final class FatVolume {

  /** Of all directories together, far more than an EFI system partition has. */
  static final int MOST_ENTRIES = 1 << 18;

  /** Of the root directory of FAT16, as recommended. */
  private static final int ROOT_ENTRIES = 512;

  /** How far to stay from where types change, since some readers count wrong, as recommended. */
  private static final int MARGIN = 16;

  private static final int MOST_ROOT_ENTRIES = 0xFFFF;
  private static final int MOST_CLUSTER_SECTORS = 64;
  private static final long MOST_SECTORS = 0xFFFF_FFFFL;
  private static final long LARGEST_FILE = 0xFFFF_FFFFL;

  private final FileTree files;
  private final int id;
  private final int spare;

  /** By path. */
  private final Map<String, FatDirectory> directories;

  private final FatDirectory root;
  private final FatGeometry geometry;

  /** By path, in the order in which they lie there. What is empty has none. */
  private final SequencedMap<String, Extent> extents = new LinkedHashMap<>();

  /** Consecutive clusters. */
  private record Extent(int first, int count) {
    int last() {
      return first + count - 1;
    }
  }

  /**
   * Lays a volume out.
   *
   * @param id its serial number
   * @param types what it may be
   * @param spare bytes that stay free at least, as if they were one more file
   * @throws IOException if FAT can't hold the tree: too much of it, links or devices, files of 4 GB
   *     or more, names that are too long or have characters FAT doesn't know
   */
  FatVolume(FileTree files, int id, Collection<FatType> types, int spare) throws IOException {
    this.files = files;
    this.spare = spare;
    this.id = id;
    directories = FatDirectory.all(files);
    root = directories.get(FatDirectory.ROOT);
    SequencedMap<String, Long> sizes = sizes();
    geometry = smallest(types, sizes);
    if (geometry.type() == FatType.FAT32) {
      sizes.putFirst(FatDirectory.ROOT, root.size());
    }
    int next = FatGeometry.FIRST_CLUSTER;
    for (Map.Entry<String, Long> entry : sizes.entrySet()) {
      int count = Math.toIntExact(Math.ceilDiv(entry.getValue(), geometry.clusterSize()));
      if (count > 0) {
        extents.put(entry.getKey(), new Extent(next, count));
        next += count;
      }
    }
  }

  FatGeometry geometry() {
    return geometry;
  }

  /** The bytes of each directory and file by its path; the root directory isn't among them. */
  private SequencedMap<String, Long> sizes() throws IOException {
    SequencedMap<String, Long> sizes = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : files.nodes().entrySet()) {
      String path = entry.getKey();
      switch (entry.getValue()) {
        case Node.Directory directory -> sizes.put(path, directories.get(path).size());
        case Node.RegularFile file -> {
          long size = file.content().size();
          if (size > LARGEST_FILE) {
            throw new IOException(
                path + ": FAT holds files of up to 4 GB, this has " + size + " bytes");
          }
          sizes.put(path, size);
        }
        case Node.Symlink link -> throw new IOException(path + ": FAT has no symbolic links");
        case Node.Device device -> throw new IOException(path + ": FAT has no devices");
      }
    }
    if (directories.values().stream().mapToLong(FatDirectory::entries).sum() > MOST_ENTRIES) {
      throw new IOException("FAT: more than " + MOST_ENTRIES + " directory entries");
    }
    return sizes;
  }

  /** Of all types and sizes of clusters the smallest volume, of equal ones that of few clusters. */
  private FatGeometry smallest(Collection<FatType> types, Map<String, Long> sizes)
      throws IOException {
    FatGeometry smallest = null;
    for (FatType type : types) {
      for (int sectors = 1; sectors <= MOST_CLUSTER_SECTORS; sectors *= 2) {
        FatGeometry geometry = fitting(type, sectors, sizes);
        if (geometry != null && (smallest == null || geometry.sectors() <= smallest.sectors())) {
          smallest = geometry;
        }
      }
    }
    if (smallest == null) {
      throw new IOException("FAT: " + files.size() + " bytes of files are too many for " + types);
    }
    return smallest;
  }

  private @Nullable FatGeometry fitting(FatType type, int clusterSectors, Map<String, Long> sizes) {
    int clusterSize = clusterSectors * FatGeometry.SECTOR;
    long clusters = type == FatType.FAT32 ? Math.ceilDiv(root.size(), clusterSize) : 0;
    for (long size : sizes.values()) {
      clusters += Math.ceilDiv(size, clusterSize);
    }
    clusters += Math.ceilDiv(spare, clusterSize);
    clusters = Math.max(clusters, type.fewestClusters + MARGIN);
    int rootEntries = Math.max(ROOT_ENTRIES, root.entries());
    FatGeometry geometry = FatGeometry.of(type, clusterSectors, rootEntries, clusters);
    boolean fits =
        clusters <= type.mostClusters - MARGIN
            && geometry.sectors() <= MOST_SECTORS
            && geometry.rootEntries() <= MOST_ROOT_ENTRIES;
    return fits ? geometry : null;
  }

  /** Writes the volume. */
  void writeTo(OutputStream to) throws IOException {
    ImageOutput out = new ImageOutput(to);
    writeReserved(out);
    for (int table = 0; table < geometry.tables(); table++) {
      writeTable(out);
    }
    if (geometry.type() == FatType.FAT16) {
      out.write(root.bytes(files, this::firstCluster));
    }
    for (Map.Entry<String, Extent> entry : extents.entrySet()) {
      String path = entry.getKey();
      out.padTo(geometry.clusterOffset(entry.getValue().first()));
      if (files.get(path) instanceof Node.RegularFile file) {
        try {
          file.content().writeTo(out);
        } catch (IOException e) {
          throw new IOException(path + ": " + e.getMessage(), e);
        }
      } else {
        out.write(directories.get(path).bytes(files, this::firstCluster));
      }
    }
    out.padTo(geometry.sectors() * FatGeometry.SECTOR);
  }

  private void writeReserved(ImageOutput out) throws IOException {
    byte[] boot = geometry.bootSector(id);
    out.write(boot);
    if (geometry.type() == FatType.FAT32) {
      byte[] information = geometry.informationSector(extents.lastEntry().getValue().last() - 1);
      out.write(information);
      out.padTo((long) FatGeometry.BACKUP_SECTOR * FatGeometry.SECTOR);
      out.write(boot);
      out.write(information);
    }
    out.padTo((long) geometry.reserved() * FatGeometry.SECTOR);
  }

  private void writeTable(ImageOutput out) throws IOException {
    long end = out.position() + geometry.tableSectors() * FatGeometry.SECTOR;
    int endOfChain = geometry.type().endOfChain();
    // The first two entries stand for no cluster: the medium, as in the first sector; all is well.
    writeEntry(out, endOfChain & ~0xFF | FatGeometry.MEDIUM);
    writeEntry(out, endOfChain);
    for (Extent extent : extents.values()) {
      for (int cluster = extent.first(); cluster < extent.last(); cluster++) {
        writeEntry(out, cluster + 1);
      }
      writeEntry(out, endOfChain);
    }
    out.padTo(end);
  }

  private void writeEntry(ImageOutput out, int entry) throws IOException {
    for (int i = 0; i < geometry.type().entryBytes; i++) {
      out.write(entry >> 8 * i);
    }
  }

  private int firstCluster(String path) {
    Extent extent = extents.get(path);
    return extent == null ? 0 : extent.first();
  }
}

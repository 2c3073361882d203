package dev.husk.image.disk;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A disk with a GPT and an EFI system partition that holds a tree of files, and, if wanted, a
 * second partition with a root file system. It is the smallest that holds them: the FAT volume is
 * no larger than its files and its type ask for, 1 MiB lies before it, and the partition and the
 * disk end at multiples of 1 MiB. Its ids come from the files' contents, so that the same files
 * make the same disk.
 *
 * <p>FAT16 is what keeps a disk small: about 3 MiB beyond the files, and 5 MiB at least. FAT32
 * begins at 65,525 clusters by its definition, so that no such disk has fewer than 35 MiB. The
 * price of FAT16: the UEFI specification (13.3) has firmware know it on removable media alone.
 * EDK2, which the firmware of QEMU and KVM and most vendors' is built on, boots from it on any
 * disk. For firmware that doesn't there is FAT32; what isn't used of it takes no room in a sparse
 * file or a qcow2 image.
 */
public final class DiskImage {

  /** UEFI 5.3.3. */
  private static final UUID EFI_SYSTEM_PARTITION =
      UUID.fromString("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

  /** "Root (x86-64)" of the Discoverable Partitions Specification. */
  private static final UUID ROOT = UUID.fromString("4f68bce3-e8cd-4db1-96e7-fbcaf984b709");

  /** In sectors: 1 MiB, as partitioning tools do. */
  private static final long ALIGNMENT = 2048;

  /** Free bytes of the files' partition, so that one can be signed where it is. */
  private static final int SPARE = 64 << 10;

  private final ContentId id;
  private final FatVolume volume;
  private final @Nullable Content root;
  private final Gpt gpt;

  private DiskImage(ContentId id, FatVolume volume, @Nullable Content root) {
    this.id = id;
    this.volume = volume;
    this.root = root;
    List<GptPartition> partitions = new ArrayList<>();
    long end = ALIGNMENT + aligned(volume.geometry().sectors());
    partitions.add(
        new GptPartition(
            EFI_SYSTEM_PARTITION,
            id.uuid("partition"),
            "EFI system partition",
            ALIGNMENT,
            end - 1));
    if (root != null) {
      long begin = end;
      end += aligned(Math.ceilDiv(root.size(), Gpt.SECTOR));
      partitions.add(new GptPartition(ROOT, id.uuid("root"), "root", begin, end - 1));
    }
    gpt = new Gpt(id.uuid("disk"), aligned(end + Gpt.BEHIND), partitions);
  }

  private static DiskImage of(FileTree files, List<FatType> types) throws IOException {
    ContentId id = new ContentId(files);
    return new DiskImage(id, new FatVolume(files, id.number("volume"), types, SPARE), null);
  }

  /**
   * The same disk with a root file system in a second partition, which the ids aren't made of: the
   * files should tell.
   *
   * @param fileSystem its bytes, which aren't read yet
   */
  public DiskImage with(Content fileSystem) {
    return new DiskImage(id, volume, fileSystem);
  }

  /**
   * Lays out a disk of these files, with FAT16 up to about 2 GB and FAT32 beyond. Reads them all.
   *
   * @throws IOException if reading fails, or FAT can't hold the files: too many of them, links or
   *     devices, names that are too long or have characters FAT doesn't know
   */
  public static DiskImage of(FileTree files) throws IOException {
    return of(files, List.of(FatType.values()));
  }

  /**
   * The same with one type of FAT.
   *
   * @throws IOException also if there is more than this type holds
   */
  public static DiskImage of(FileTree files, FatType type) throws IOException {
    return of(files, List.of(type));
  }

  /** How many bytes the disk has. */
  public long size() {
    return gpt.sectors() * Gpt.SECTOR;
  }

  /**
   * Writes the disk into a file, which is emptied before, and leaves it open. The file is complete
   * when this returns, and not a disk if it throws.
   *
   * @throws IOException if that fails, or a file isn't what it was
   */
  public void write(FileChannel file, DiskFormat format) throws IOException {
    ClusterOutput clusters = format.output(file, size());
    ImageOutput out = new ImageOutput(clusters);
    out.write(gpt.begin());
    out.padTo(ALIGNMENT * Gpt.SECTOR);
    volume.writeTo(out);
    if (root != null) {
      out.padTo(gpt.partitions().getLast().first() * Gpt.SECTOR);
      root.writeTo(out);
    }
    out.padTo((gpt.sectors() - Gpt.BEHIND) * Gpt.SECTOR);
    out.write(gpt.end());
    clusters.finish();
  }

  /**
   * The files in the EFI system partition of a disk. What they hold is read from the disk when it
   * is asked for. Files have mode 0644, directories 0755.
   *
   * @throws IOException if reading fails, the disk has no such partition, or it is damaged
   */
  public static FileTree read(Blocks disk) throws IOException {
    return FatReader.read(partition(disk, EFI_SYSTEM_PARTITION, "EFI system"));
  }

  /**
   * The partition of a disk with a root file system.
   *
   * @throws IOException if reading fails, the disk has no such partition, or it is damaged
   */
  public static Blocks root(Blocks disk) throws IOException {
    return partition(disk, ROOT, "root");
  }

  private static Blocks partition(Blocks disk, UUID type, String name) throws IOException {
    for (GptPartition partition : Gpt.read(disk).partitions()) {
      if (partition.type().equals(type)) {
        long sectors = partition.last() - partition.first() + 1;
        return disk.part(partition.first() * Gpt.SECTOR, sectors * Gpt.SECTOR);
      }
    }
    throw new IOException("GPT: no " + name + " partition");
  }

  private static long aligned(long sectors) {
    return Math.ceilDiv(sectors, ALIGNMENT) * ALIGNMENT;
  }
}

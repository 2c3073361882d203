package dev.husk.image.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.testing.Tool;
import dev.husk.image.testing.Trees;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FAT volumes, written and read, against dosfstools and mtools. */
class FatTest {
  private static final int ID = 0xCAFE0123;

  @TempDir private Path directory;

  private static FileTree tree() {
    FileTree tree =
        new FileTree()
            .directory("EFI", 0755)
            .file("EFI/BOOT/BOOTX64.EFI", 0644, Content.of(Trees.noise(1, 300_000)))
            .file("EFI/BOOT/größer als sonst.efi", 0644, Content.of(Trees.noise(2, 4096)))
            .file("EFI/BOOT/" + "x".repeat(240), 0644, Content.of(Trees.noise(3, 4097)))
            .file("EFI/BOOT/thirteen char", 0644, Content.of(Trees.noise(4, 1)))
            .file("empty.txt", 0644, Content.of(new byte[0]))
            .directory("hollow directory", 0755);
    for (int i = 0; i < 300; i++) {
      tree.file("many/and with a long name, number " + i, 0644, Trees.text("file " + i));
    }
    return tree.file("a/b/c/d/e/f/g/h/i", 0644, Trees.text("deep"));
  }

  private static byte[] written(FileTree tree, FatType... types) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new FatVolume(tree, ID, List.of(types), 0).writeTo(out);
    return out.toByteArray();
  }

  private static FileTree read(byte[] volume) throws IOException {
    return FatReader.read(new ByteBlocks(volume));
  }

  @Test
  void readingIsTheInverseOfWriting() throws IOException {
    for (FatType type : FatType.values()) {
      assertEquals(Trees.listing(tree()), Trees.listing(read(written(tree(), type))));
      assertEquals(Map.of(), Trees.listing(read(written(new FileTree(), type))));
    }
  }

  @Test
  void theSameTreeMakesTheSameBytes() throws IOException {
    for (FatType type : FatType.values()) {
      assertArrayEquals(written(tree(), type), written(tree(), type));
    }
  }

  @Test
  void fsckFindsNothing() throws Exception {
    Tool fsck = Tool.named("fsck.fat", "dosfstools");
    for (FatType type : FatType.values()) {
      for (FileTree tree : List.of(tree(), new FileTree())) {
        Path volume = Files.write(directory.resolve("volume"), written(tree, type));
        String said = fsck.run(directory, "-n", "-v", volume.toString());
        assertTrue(
            said.contains(type == FatType.FAT16 ? "16 bit entries" : "32 bit entries"), said);
        long files = tree.nodes().size();
        assertTrue(said.contains(": " + files + " files, "), said);
      }
    }
  }

  @Test
  void fsckFindsNothingInAFullVolume() throws Exception {
    Tool fsck = Tool.named("fsck.fat", "dosfstools");
    for (FatType type : FatType.values()) {
      FileTree tree = new FileTree().file("a", 0644, Content.of(new byte[40_000_000]));
      Path volume = Files.write(directory.resolve("volume"), written(tree, type));
      String said = fsck.run(directory, "-n", "-v", volume.toString());
      assertTrue(Pattern.compile(" (\\d+)/\\1 clusters").matcher(said).find(), said);
    }
  }

  @Test
  void mtoolsReadWhatWasWritten() throws Exception {
    Tool mcopy = Tool.named("mcopy", "mtools");
    Tool mdir = Tool.named("mdir", "mtools");
    for (FatType type : FatType.values()) {
      Path volume = Files.write(directory.resolve("volume"), written(tree(), type));
      Path out = Files.createDirectory(directory.resolve(type.name()));
      mcopy.run(directory, "-s", "-n", "-i", volume.toString(), "::/", out.toString());
      assertEquals(Trees.withoutAttributes(tree()), Trees.withoutAttributes(Trees.ofHost(out)));
      String said = mdir.run(directory, "-i", volume.toString(), "::/EFI/BOOT");
      assertTrue(said.contains("Volume Serial Number is CAFE-0123"), said);
      assertTrue(said.contains("BOOTX64  EFI    300000 1980-01-01   0:00"), said);
      assertTrue(
          said.contains("GR__ER~1 EFI      4096 1980-01-01   0:00  größer als sonst.efi"), said);
    }
  }

  @Test
  void whatOtherToolsWriteIsRead() throws Exception {
    Tool mkfs = Tool.named("mkfs.fat", "dosfstools");
    Tool mcopy = Tool.named("mcopy", "mtools");
    Tool mdel = Tool.named("mdel", "mtools");
    Path host = Files.createDirectory(directory.resolve("host"));
    Files.writeString(host.resolve("Lower and Upper"), "1");
    Files.writeString(host.resolve("lower.txt"), "2");
    Files.createDirectories(host.resolve("d/größer"));
    Files.write(host.resolve("d/größer/large.bin"), Trees.noise(1, 100_000));
    for (String[] options :
        List.of(
            new String[] {"-F", "16", "-s", "2"},
            new String[] {"-F", "32", "-s", "1", "-f", "1"},
            new String[] {"-F", "16", "-S", "4096", "-s", "1"})) {
      Path volume = directory.resolve("volume");
      Files.deleteIfExists(volume);
      List<String> command = new ArrayList<>(List.of(options));
      command.addAll(List.of("-n", "LABEL", "-C", volume.toString(), "40000"));
      mkfs.run(directory, command.toArray(String[]::new));
      // What is deleted leaves a gap, so that the next file lies in two pieces.
      Path gap = Files.write(directory.resolve("gap"), new byte[8192]);
      Path rest = Files.write(directory.resolve("rest"), new byte[8192]);
      mcopy.run(directory, "-i", volume.toString(), gap.toString(), rest.toString(), "::/");
      mdel.run(directory, "-i", volume.toString(), "::/gap");
      mcopy.run(directory, "-s", "-i", volume.toString(), host + "/d", "::/");
      mcopy.run(
          directory,
          "-i",
          volume.toString(),
          host + "/Lower and Upper",
          host + "/lower.txt",
          "::/");
      Files.copy(rest, host.resolve("rest"), StandardCopyOption.REPLACE_EXISTING);
      try (Blocks blocks = Blocks.open(volume)) {
        assertEquals(
            Trees.withoutAttributes(Trees.ofHost(host)),
            Trees.withoutAttributes(FatReader.read(blocks)),
            String.join(" ", options));
      }
    }
  }

  @Test
  void theCountOfClustersIsThatOfTheType() throws IOException {
    for (long size = 1; size < 1L << 40; size += size / 3 + 7) {
      FileTree tree = new FileTree();
      long left = size;
      for (int i = 0; left > 0; i++) {
        long part = Math.min(left, 0xFFFF_FFFFL);
        tree.file("f" + i, 0644, claiming(part));
        left -= part;
      }
      FatGeometry geometry = geometry(tree, FatType.values());
      // A margin for those who count wrong.
      assertTrue(geometry.clusters() >= geometry.type().fewestClusters + 16, geometry::toString);
      assertTrue(geometry.clusters() <= geometry.type().mostClusters - 16, geometry::toString);
      assertTrue(geometry.sectors() <= 0xFFFF_FFFFL, geometry::toString);
      assertTrue(geometry.clusters() * geometry.clusterSize() >= size, geometry::toString);
      assertEquals(
          geometry,
          FatGeometry.read(new ByteBlocks(geometry.bootSector(ID), geometry.sectors() * 512)));
      if (size > 3L << 20) {
        assertTrue(geometry.sectors() * 512 < size * 1.02 + 65_536, size + ": " + geometry);
      }
    }
  }

  @Test
  void theTypeIsTheSmallerOneUnlessAskedFor() throws IOException {
    FileTree small = new FileTree().file("a", 0644, claiming(25_000_000));
    assertEquals(FatType.FAT16, geometry(small, FatType.values()).type());
    assertEquals(FatType.FAT32, geometry(small, FatType.FAT32).type());
    FileTree large = new FileTree().file("a", 0644, claiming(3_000_000_000L));
    assertEquals(FatType.FAT32, geometry(large, FatType.values()).type());
    IOException e = assertThrows(IOException.class, () -> geometry(large, FatType.FAT16));
    assertTrue(e.getMessage().contains("3000000000 bytes of files are too many"), e::toString);
  }

  @Test
  void whatIsSpareStaysFree() throws IOException {
    FileTree tree = new FileTree().file("a", 0644, claiming(25_000_000));
    FatGeometry full = geometry(tree, FatType.values());
    FatGeometry roomy = new FatVolume(tree, ID, List.of(FatType.values()), 65_536).geometry();
    assertTrue(roomy.clusters() * roomy.clusterSize() >= 25_000_000 + 65_536, roomy::toString);
    assertTrue(roomy.sectors() - full.sectors() >= 65_536 / 512, roomy::toString);
  }

  private static FatGeometry geometry(FileTree tree, FatType... types) throws IOException {
    return new FatVolume(tree, ID, List.of(types), 0).geometry();
  }

  @Test
  void whatFatCannotHoldIsRefused() throws IOException {
    assertUnwritable("no symbolic links", new FileTree().symlink("a", "b"));
    assertUnwritable("no devices", new FileTree().put("a", new Node.Device(0600, true, 1, 2)));
    assertUnwritable("up to 4 GB", new FileTree().file("a", 0644, claiming(1L << 32)));
    assertUnwritable(
        "more than 259 characters", new FileTree().directory("dir/".repeat(65) + "x", 0755));
    assertUnwritable("lower case", new FileTree().directory("a/b", 0755).directory("a/B", 0755));
    FileTree many = new FileTree();
    for (int i = 0; i < 22_000; i++) {
      many.directory("d/a name that is long " + i, 0755);
    }
    assertUnwritable("too many files", many);
    FatVolume changed =
        new FatVolume(new FileTree().file("a", 0644, claiming(5)), ID, List.of(FatType.FAT16), 0);
    IOException e =
        assertThrows(IOException.class, () -> changed.writeTo(OutputStream.nullOutputStream()));
    assertTrue(e.getMessage().contains("a: changed"), e::toString);
  }

  private static void assertUnwritable(String message, FileTree tree) {
    IOException e = assertThrows(IOException.class, () -> geometry(tree, FatType.values()));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  @Test
  void filesAreReadFromAnyPlace() throws IOException {
    byte[] bytes = Trees.noise(1, 100_000);
    FileTree tree = read(written(new FileTree().file("a", 0644, Content.of(bytes)), FatType.FAT16));
    Content content = ((Node.RegularFile) tree.get("a")).content();
    for (int at : new int[] {0, 1, 511, 512, 513, 99_999, 100_000}) {
      byte[] expected = Arrays.copyOfRange(bytes, at, bytes.length);
      assertArrayEquals(expected, content.part(at, bytes.length - at).bytes());
    }
    try (InputStream in = content.open()) {
      assertEquals(100_000, in.skip(200_000));
      assertEquals(-1, in.read());
    }
  }

  @Test
  void loopsAndWrongClustersAreRefused() throws IOException {
    FileTree tree = new FileTree().file("D/E/F", 0644, Content.of(Trees.noise(1, 5000)));
    byte[] volume = written(tree, FatType.FAT16);
    FatGeometry geometry = FatGeometry.read(new ByteBlocks(volume));
    int table = (int) geometry.tableOffset();
    // The clusters of the directory D and the file; that of the directory E lies between.
    int d = 2;
    int f = 4;
    // The directory's chain leads back to it; all entries must be in use, else it isn't followed.
    byte[] circle = volume.clone();
    entry(circle, table, d, d);
    int at = (int) geometry.clusterOffset(d);
    for (int i = 3 * 32; i < geometry.clusterSize(); i += 32) {
      circle[at + i] = (byte) 0xE5;
    }
    assertRefused("cluster 2 is in the directory \"D\" and once more", circle);
    // A directory within itself.
    byte[] within = volume.clone();
    within[at + 2 * 32 + 26] = (byte) d;
    assertRefused("cluster 2 is in the directory \"D/E\" and once more", within);
    byte[] nowhere = volume.clone();
    nowhere[at + 2 * 32 + 27] = (byte) 0xFF;
    assertRefused("which isn't there", nowhere);

    byte[] cut = volume.clone();
    entry(cut, table, f, 0xFFFF);
    IOException shorter = assertThrows(IOException.class, () -> content(read(cut)).bytes());
    assertTrue(shorter.getMessage().contains("no clusters for its last"), shorter::toString);
    byte[] free = volume.clone();
    entry(free, table, f, 0);
    assertThrows(IOException.class, () -> content(read(free)).bytes());
    // A file's circle ends where its size says.
    byte[] round = volume.clone();
    entry(round, table, f, f);
    assertEquals(5000, content(read(round)).bytes().length);
  }

  private static Content content(FileTree tree) {
    return ((Node.RegularFile) tree.get("D/E/F")).content();
  }

  private static void entry(byte[] volume, int table, int cluster, int value) {
    ByteBuffer.wrap(volume)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(table + 2 * cluster, (short) value);
  }

  @Test
  void wrongFirstSectorsAreRefused() throws IOException {
    byte[] volume = written(new FileTree(), FatType.FAT16);
    assertRefused("no boot sector", new byte[512]);
    assertThrows(IOException.class, () -> read(new byte[100]));
    assertRefused("sectors of 0 bytes", with(volume, 11, 0, 0));
    assertRefused("clusters of 3 sectors", with(volume, 13, 3));
    assertRefused("no reserved sector", with(volume, 14, 0, 0));
    assertRefused("no table", with(volume, 16, 0));
    assertRefused("65535 sectors in a volume", with(volume, 19, 0xFF, 0xFF));
    assertRefused("FAT12", with(volume, 19, 0x00, 0x0C));
    assertRefused("a table of 1 sectors", with(volume, 22, 1, 0));
    assertRefused("sectors before the data", with(volume, 22, 0xFF, 0xFF));
  }

  private static byte[] with(byte[] bytes, int at, int... values) {
    byte[] result = bytes.clone();
    for (int i = 0; i < values.length; i++) {
      result[at + i] = (byte) values[i];
    }
    return result;
  }

  private static void assertRefused(String message, byte[] volume) {
    IOException e = assertThrows(IOException.class, () -> read(volume));
    assertTrue(e.getMessage().contains(message), e::toString);
  }

  @Test
  void damagedVolumesAreReadOrRefused() throws Exception {
    FileTree tree = new FileTree().directory("EFI", 0755).directory("hollow directory", 0755);
    for (int i = 0; i < 5; i++) {
      tree.file("EFI/BOOT/a long name " + i, 0644, Content.of(new byte[700 * i]));
      tree.file("a/b/c/d/e/F" + i, 0644, Content.of(new byte[700 * i]));
    }
    for (FatType type : FatType.values()) {
      byte[] volume = written(tree, type);
      int used = volume.length;
      while (volume[used - 1] == 0) {
        used--;
      }
      Fuzz.run(Arrays.copyOf(volume, used), bytes -> readAll(new ByteBlocks(bytes, volume.length)));
    }
  }

  /** Lists a volume, and reads some of each file. */
  private static void readAll(Blocks volume) throws IOException {
    FileTree tree = FatReader.read(volume);
    IOException last = null;
    for (Node node : tree.nodes().values()) {
      if (node instanceof Node.RegularFile file) {
        try (InputStream in = file.content().open()) {
          in.readNBytes(5000);
        } catch (IOException e) {
          last = e;
        }
      }
    }
    if (last != null) {
      throw last;
    }
  }

  /** Zeros that nobody reads. */
  private static Content claiming(long size) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return InputStream.nullInputStream();
      }
    };
  }
}

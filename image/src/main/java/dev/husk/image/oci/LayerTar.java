package dev.husk.image.oci;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree as a tar archive, the same bytes each time: POSIX.1-2001 (pax) where a name or a
 * size doesn't fit the older header, one owner, no names of users.
 */
final class LayerTar {

  private LayerTar() {}

  /** Writes all of a layer; the stream stays open. */
  static void write(FileTree files, int owner, int group, OutputStream out) throws IOException {
    // Not closed, which would close the stream below; finish() writes and flushes all.
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    for (Map.Entry<String, Node> file : files.nodes().entrySet()) {
      String path = file.getKey();
      if (Whiteouts.isWhiteout(path)) {
        throw new IOException(
            path + ": a container image can't hold it, since this name means a deletion there");
      }
      TarArchiveEntry entry = entry(path, file.getValue());
      if (entry == null) {
        continue;
      }
      entry.setMode(file.getValue().mode());
      entry.setIds(owner, group);
      entry.setNames("", "");
      entry.setModTime(
          1000 * (file.getValue() instanceof Node.RegularFile node ? node.time() : FileTree.TIME));
      tar.putArchiveEntry(entry);
      if (file.getValue() instanceof Node.RegularFile regular) {
        try (InputStream in = regular.content().open()) {
          in.transferTo(tar);
        }
      }
      tar.closeArchiveEntry();
    }
    tar.finish();
  }

  private static @Nullable TarArchiveEntry entry(String path, Node node) {
    return switch (node) {
      case Node.Directory _ -> new TarArchiveEntry(path + "/", TarConstants.LF_DIR);
      case Node.RegularFile file -> {
        TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_NORMAL);
        entry.setSize(file.content().size());
        yield entry;
      }
      case Node.Symlink link -> {
        TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
        entry.setLinkName(link.target());
        yield entry;
      }
      case Node.Device _ -> null;
    };
  }
}

package dev.husk.image.kernel;

import dev.husk.image.tree.Content;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * The ELF file of a kernel, as virtual machines without firmware boot it.
 *
 * @param content the ELF file; from a bzImage the relocations of the kernel follow it
 * @param pvhEntry the physical address where a machine enters by the PVH boot protocol, if the
 *     kernel has it: the note XEN_ELFNOTE_PHYS32_ENTRY
 */
public record Vmlinux(Content content, OptionalLong pvhEntry) {
  private static final int MOST_BYTES = 256 << 20;
  private static final int MOST_NOTES = 1 << 20;

  private static final int NOTE_HEADER = 12;
  private static final int XEN_ELFNOTE_PHYS32_ENTRY = 18;
  private static final byte[] XEN = {'X', 'e', 'n', 0};

  /**
   * The ELF file that the kernel is, or the decompressed one that it carries (Documentation/arch/
   * x86/boot.rst, payload_offset).
   *
   * @throws IOException if the kernel is no ELF file and carries none, its compression isn't
   *     supported, or it is broken
   */
  public static Vmlinux of(KernelFile kernel) throws IOException {
    try {
      Content content =
          switch (kernel.format()) {
            case VMLINUX -> kernel.content();
            case BZIMAGE -> Content.of(decompress(kernel.payload()));
            case ARM64_IMAGE -> throw new IOException("an arm64 Image carries no vmlinux");
          };
      return new Vmlinux(content, pvhEntry(ElfFile.read(content)));
    } catch (IOException e) {
      throw new IOException(kernel.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * How much memory, from address 0 on, a machine needs for the kernel alone.
   *
   * @param file an ELF file as {@link #content} is one
   * @throws IOException if it is none, or broken
   */
  public static long end(Content file) throws IOException {
    return ElfFile.read(file).end();
  }

  /** The last four bytes of a payload of any compression are the size of what it was made from. */
  private static byte[] decompress(Content payload) throws IOException {
    Compression compression = Compression.of(payload);
    if (compression == Compression.NONE) {
      throw new IOException("its payload isn't compressed in a way that Husk knows");
    }
    if (payload.size() < 4) {
      throw new EOFException("its payload has " + payload.size() + " bytes");
    }
    byte[] trailer = payload.part(payload.size() - 4, 4).bytes();
    int size = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (size < 0 || size > MOST_BYTES) {
      throw new IOException(
          "its payload says that it has %d bytes decompressed, more than a kernel"
              .formatted(size & 0xffff_ffffL));
    }
    // For gzip they are part of its format, for all others they follow the compressed stream.
    long length = compression == Compression.GZIP ? payload.size() : payload.size() - 4;
    try (InputStream raw = payload.part(0, length).open();
        InputStream in = compression.open(raw)) {
      byte[] bytes = in.readNBytes(size);
      if (bytes.length < size || in.read() >= 0) {
        throw new IOException("its payload doesn't decompress to the " + size + " bytes it says");
      }
      return bytes;
    }
  }

  private static OptionalLong pvhEntry(ElfFile elf) throws IOException {
    for (Content segment : elf.notes()) {
      if (segment.size() > MOST_NOTES) {
        throw new IOException("broken ELF file: notes of " + segment.size() + " bytes");
      }
      ByteBuffer notes = ByteBuffer.wrap(segment.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      while (notes.remaining() >= NOTE_HEADER) {
        int nameSize = notes.getInt();
        int size = notes.getInt();
        int type = notes.getInt();
        long whole = padded(nameSize) + padded(size);
        if (whole > notes.remaining()) {
          throw new IOException("broken ELF file: a note of " + whole + " bytes is cut off");
        }
        int name = notes.position();
        int descriptor = name + (int) padded(nameSize);
        notes.position(name + (int) whole);
        if (type == XEN_ELFNOTE_PHYS32_ENTRY && size >= 4 && isXen(notes, name, nameSize)) {
          return OptionalLong.of(notes.getInt(descriptor) & 0xffff_ffffL);
        }
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isXen(ByteBuffer notes, int at, int length) {
    return length == XEN.length && notes.slice(at, length).equals(ByteBuffer.wrap(XEN));
  }

  private static long padded(int size) {
    return ((size & 0xffff_ffffL) + 3) & ~3L;
  }
}

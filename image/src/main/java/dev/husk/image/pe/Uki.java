package dev.husk.image.pe;

import dev.husk.image.elf.Machine;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Unified Kernel Image, as the UAPI Group specifies it: an EFI application whose sections hold a
 * kernel and what belongs to it, and whose code, the stub, starts that kernel.
 *
 * @param file the whole; its contents are read when they are opened
 */
public record Uki(PeFile file) {
  private static final String TEXT = ".text";

  // IMAGE_DLLCHARACTERISTICS_NX_COMPAT: no section is both written and executed.
  private static final int NO_EXECUTE = 0x100;

  /**
   * A stub of position-independent code.
   *
   * @param code must not write to itself: its pages are read and executed only
   * @param entry where in the code the firmware enters
   */
  public static PeFile stub(Machine machine, byte[] code, int entry) {
    if (entry < 0 || entry >= code.length) {
      throw new IllegalArgumentException(
          "entry " + entry + " in " + code.length + " bytes of code");
    }
    long text = PeFile.ALIGNMENT;
    // One block without a relocation: some loaders take a file without any for one that can't be
    // moved.
    ByteBuffer block = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    block.putInt((int) text).putInt(block.capacity());
    return new PeFile(
        machine,
        PeFile.EFI_APPLICATION,
        NO_EXECUTE,
        0,
        text + entry,
        List.of(
            new PeSection(TEXT, text, code.length, PeSection.CODE, Content.of(code)),
            new PeSection(
                PeFile.RELOCATIONS,
                text + PeFile.aligned(code.length),
                block.capacity(),
                PeSection.DISCARDABLE_DATA,
                Content.of(block.array()))));
  }

  /**
   * The image of a stub and what it starts.
   *
   * @param stub of {@link #stub}, or such as systemd's, by {@link PeFile#read}
   * @throws IOException if the stub is no EFI application or has sections of those names, or the
   *     image would be larger than 4 GB
   */
  public static Content write(PeFile stub, Map<UkiSection, Content> sections) throws IOException {
    if (stub.subsystem() != PeFile.EFI_APPLICATION) {
      throw new IOException("the stub is no EFI application: its subsystem is " + stub.subsystem());
    }
    List<PeSection> all = new ArrayList<>(stub.sections());
    for (Map.Entry<UkiSection, Content> entry : new TreeMap<>(sections).entrySet()) {
      String name = entry.getKey().section();
      if (stub.sections().stream().anyMatch(section -> section.name().equals(name))) {
        throw new IOException("the stub has a section " + name + " already");
      }
      long end = all.stream().mapToLong(PeSection::end).max().orElse(PeFile.ALIGNMENT);
      Content content = entry.getValue();
      all.add(new PeSection(name, PeFile.aligned(end), content.size(), PeSection.DATA, content));
    }
    return new PeFile(
            stub.machine(),
            stub.subsystem(),
            stub.dllCharacteristics(),
            stub.imageBase(),
            stub.entry(),
            all)
        .write();
  }

  /**
   * Reads one.
   *
   * @throws IOException if it is none, or broken
   */
  public static Uki read(Content content) throws IOException {
    Uki uki = new Uki(PeFile.read(content));
    if (uki.file.subsystem() != PeFile.EFI_APPLICATION || uki.section(UkiSection.LINUX).isEmpty()) {
      throw new IOException(
          "a PE file, but not a Unified Kernel Image: no EFI application with a section "
              + UkiSection.LINUX.section());
    }
    return uki;
  }

  /** What this section holds; where profiles have several, that of the base profile. */
  public Optional<Content> section(UkiSection which) {
    return file.sections().stream()
        .filter(section -> section.name().equals(which.section()))
        .findFirst()
        .map(PeSection::content);
  }
}

package dev.husk.image.squashfs;

/** Where a file's bytes are in the file system: some blocks, and a tail among the fragments. */
final class FileData implements DataWriter.Sink {
  private final long size;
  private final int[] blocks;
  private final int blockSize;
  private int written;
  private long start;
  private long sparse;
  private int fragment = Layout.NONE;
  private int fragmentOffset;

  FileData(long size, int blockSize) {
    this.size = size;
    this.blockSize = blockSize;
    blocks = new int[Math.toIntExact(size / blockSize)];
  }

  /** Of the file, in bytes. */
  long size() {
    return size;
  }

  /** Takes the next block. */
  @Override
  public void written(long position, Block block) {
    if (written == 0) {
      start = position;
    }
    if (block.size() == 0) {
      sparse += blockSize;
    }
    blocks[written++] = block.size();
  }

  /** Takes where the tail is. */
  void tail(int fragment, int offset) {
    this.fragment = fragment;
    fragmentOffset = offset;
  }

  /** Where the first block is. */
  long start() {
    return start;
  }

  /** The sizes of the blocks. */
  int[] blocks() {
    return blocks;
  }

  /** How many bytes are in blocks of zeros, which take no place. */
  long sparse() {
    return sparse;
  }

  /** The number of the block of fragments that has the tail, or {@link Layout#NONE}. */
  int fragment() {
    return fragment;
  }

  /** Where in it the tail begins. */
  int fragmentOffset() {
    return fragmentOffset;
  }
}

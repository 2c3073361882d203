package dev.husk.image.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Where the file system goes, written from the end of its superblock on. */
final class Output {
  private final FileChannel channel;
  private final long offset;
  private final CRC32C checksum = new CRC32C();
  private long position = Superblock.SIZE;

  Output(FileChannel channel, long offset) {
    this.channel = channel;
    this.offset = offset;
  }

  /** Where the next byte goes, counted from the begin of the file system. */
  long position() {
    return position;
  }

  void write(byte[] bytes) throws IOException {
    put(bytes, position);
    checksum.update(bytes);
    position += bytes.length;
  }

  /** Over all that has been written. */
  int checksum() {
    return (int) checksum.getValue();
  }

  void writeSuperblock(byte[] superblock) throws IOException {
    put(superblock, 0);
  }

  private void put(byte[] bytes, long at) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      at += channel.write(from, offset + at);
    }
  }
}

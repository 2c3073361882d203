package dev.husk.image.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A raw disk as a sparse file: its zeros are holes. */
final class RawOutput extends ClusterOutput {

  RawOutput(FileChannel file) throws IOException {
    super(file);
  }

  @Override
  void cluster(long index, byte[] bytes, int length) throws IOException {
    writeAt(index * CLUSTER, ByteBuffer.wrap(bytes, 0, length));
  }

  @Override
  void finish(long size) throws IOException {
    if (fileSize() < size) {
      // A hole at the end needs something behind it.
      writeAt(size - 1, ByteBuffer.allocate(1));
    }
  }
}

package dev.husk.image.tree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The bytes of a file of an image. Can be read any number of times, and is the same each time. */
public interface Content {

  /** How many bytes there are. */
  long size();

  /** The bytes, from the first on; the caller closes. */
  InputStream open() throws IOException;

  /** All bytes, for what is small. */
  default byte[] bytes() throws IOException {
    try (InputStream in = open()) {
      return in.readAllBytes();
    }
  }

  /**
   * Writes all bytes to a stream and leaves it open.
   *
   * @throws IOException if that fails, or if there are more or fewer bytes than {@link #size()}
   *     says
   */
  default void writeTo(OutputStream out) throws IOException {
    try (InputStream in = open()) {
      long written = in.transferTo(out);
      if (written != size()) {
        throw new IOException("changed while it was read: " + size() + " bytes, now " + written);
      }
    }
  }

  /**
   * A part of these bytes, read where it lies: a file in an archive.
   *
   * @throws IndexOutOfBoundsException if it isn't within {@link #size()}
   */
  default Content part(long offset, long size) {
    Objects.checkFromIndexSize(offset, size, size());
    return new Part(this, offset, size);
  }

  /** These bytes, which must not change any more. */
  static Content of(byte[] bytes) {
    return new Content() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /**
   * What this file holds, which must not change any more.
   *
   * @throws IOException if it isn't there
   */
  static Content of(Path file) throws IOException {
    long size = Files.size(file);
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    };
  }
}

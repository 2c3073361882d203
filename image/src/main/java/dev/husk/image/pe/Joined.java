package dev.husk.image.pe;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/** Contents one after the other, each opened when it is its turn. */
record Joined(List<Content> parts) implements Content {

  @Override
  public long size() {
    return parts.stream().mapToLong(Content::size).sum();
  }

  @Override
  public InputStream open() {
    return new Sequence(parts.iterator());
  }

  private static final class Sequence extends InputStream {
    private final Iterator<Content> rest;
    private InputStream current = InputStream.nullInputStream();

    Sequence(Iterator<Content> rest) {
      this.rest = rest;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = current.read(to, offset, length);
      while (read < 0 && rest.hasNext()) {
        current.close();
        current = rest.next().open();
        read = current.read(to, offset, length);
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      current.close();
    }
  }
}

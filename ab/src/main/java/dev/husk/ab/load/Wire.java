package dev.husk.ab.load;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Base64;

/**
 * Values as lines of text between this process and its driver, which run the same classes.
 *
 * <p>To the driver goes a {@link Job} a line. What comes back starts with {@link #READY}, {@link
 * #DONE} and an {@link Outcome}, or {@link #FAILED} and words.
 */
final class Wire {
  /** What isn't said by the driver itself, but by native code in it, lacks this. */
  static final String PREFIX = "husk-ab ";

  static final String READY = PREFIX + "ready";
  static final String DONE = PREFIX + "done ";
  static final String FAILED = PREFIX + "failed ";

  private Wire() {}

  static String encode(Serializable value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be written: " + e.getMessage(), e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  static <T> T decode(String line, Class<T> type) throws IOException {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(line)))) {
      return type.cast(in.readObject());
    } catch (ClassNotFoundException | IllegalArgumentException | ClassCastException e) {
      throw new IOException("the driver and its parent don't understand each other", e);
    }
  }
}

package dev.husk.image.oci;

import dev.husk.image.tree.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some bytes, which is their name in an image (descriptor.md, "Digests").
 *
 * @param hex 64 digits, lower case
 */
public record Digest(String hex) {

  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /** Refuses what isn't 64 hexadecimal digits: a digest becomes the name of a file. */
  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not the digits of a SHA-256: \"" + hex + "\"");
    }
  }

  /** Of these bytes. */
  static Digest of(byte[] bytes) {
    return of(Sha256.begin(), bytes);
  }

  /** Of what this file holds. */
  static Digest of(Path file) throws IOException {
    MessageDigest sha256 = Sha256.begin();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      Files.copy(file, out);
    }
    return of(sha256);
  }

  /** Of what went into this one. */
  static Digest of(MessageDigest sha256) {
    return of(sha256, new byte[0]);
  }

  private static Digest of(MessageDigest sha256, byte[] last) {
    return new Digest(HexFormat.of().formatHex(sha256.digest(last)));
  }

  /**
   * What {@link #toString} wrote.
   *
   * @throws IOException if it is something else, or of another algorithm
   */
  static Digest parse(String text) throws IOException {
    if (!text.startsWith(PREFIX) || !HEX.matcher(text.substring(PREFIX.length())).matches()) {
      throw new IOException("not a digest of the form sha256:<64 hex digits>: " + text);
    }
    return new Digest(text.substring(PREFIX.length()));
  }

  /** As descriptors have it: {@code sha256:} and the digits. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}

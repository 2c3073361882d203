package dev.husk.image.tree;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What contents are known by: the names of layers, of entries of caches, and ids of disks. */
public final class Sha256 {
  private Sha256() {}

  /** One of nothing yet. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java platform has it", e);
    }
  }
}

package dev.husk.image.oci;

import dev.husk.image.tree.FileTree;

/**
 * A layer of an image that was read.
 *
 * @param name the comment in the image's history, which is what Husk calls it, or empty
 * @param diffId the digest of its tar, which was verified
 * @param size the bytes that it takes in the image, compressed or not
 * @param files its files, with the marks of deletion (layer.md, "Whiteouts") as empty files
 */
public record StoredLayer(String name, Digest diffId, long size, FileTree files) {}

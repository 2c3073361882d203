package dev.husk.image.oci;

import java.nio.file.Path;

/**
 * A layer as an image holds it: a tar archive in gzip.
 *
 * @param name that of the layer
 * @param diffId the digest of the tar
 * @param digest the digest of the file, with the compression
 * @param size the bytes of the file
 * @param file in the cache, so it must not be changed
 */
public record PackedLayer(String name, Digest diffId, Digest digest, long size, Path file) {}

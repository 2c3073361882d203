/**
 * Container images: one file that {@code docker load}, {@code podman load} and {@code ctr import}
 * take, or the same as a directory.
 *
 * <p>An {@link dev.husk.image.oci.OciImage} is layers of files and how to run them; packed, with
 * the compressed layers in a {@link dev.husk.image.oci.LayerCache}, it is a {@link
 * dev.husk.image.oci.PackedImage} that writes itself; a {@link dev.husk.image.oci.StoredImage} is
 * one that was read back, ours or another's. After the OCI image specification 1.1.
 */
@NullMarked
package dev.husk.image.oci;

import org.jspecify.annotations.NullMarked;

/**
 * Packing: the steps from an app to an image. {@link dev.husk.image.pack.Packer} does them; what it
 * is asked for is a {@link dev.husk.image.pack.PackRequest}, and what comes out a {@link
 * dev.husk.image.pack.Image}, which every format is written from.
 */
@NullMarked
package dev.husk.image.pack;

import org.jspecify.annotations.NullMarked;

/**
 * Runs an image on this machine under QEMU. {@link dev.husk.image.boot.Guest} is one run: what it
 * needs is told by a {@link dev.husk.image.boot.Machine}.
 */
@NullMarked
package dev.husk.image.boot;

import org.jspecify.annotations.NullMarked;

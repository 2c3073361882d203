/**
 * Looks into images: {@link dev.husk.image.look.ImageFiles} opens one of any format, {@link
 * dev.husk.image.look.TreeDiff} compares two.
 */
@NullMarked
package dev.husk.image.look;

import org.jspecify.annotations.NullMarked;

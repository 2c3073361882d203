/** Images: packed, booted and asked from outside, as users do. */
@NullMarked
package dev.husk.it.image;

import org.jspecify.annotations.NullMarked;

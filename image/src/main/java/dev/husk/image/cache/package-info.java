/** Directories of what can be made again. */
@NullMarked
package dev.husk.image.cache;

import org.jspecify.annotations.NullMarked;

/** Tests of {@code stats}. */
@NullMarked
package dev.husk.ab.stats;

import org.jspecify.annotations.NullMarked;

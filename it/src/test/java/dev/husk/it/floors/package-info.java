/** The floors of the house, as docs/architecture.md draws them, held up by a test. */
@NullMarked
package dev.husk.it.floors;

import org.jspecify.annotations.NullMarked;

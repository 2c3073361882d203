/** The husk command. */
@NullMarked
package dev.husk.cli;

import org.jspecify.annotations.NullMarked;

/** Apps to try on Husk. */
@NullMarked
package dev.husk.examples;

import org.jspecify.annotations.NullMarked;

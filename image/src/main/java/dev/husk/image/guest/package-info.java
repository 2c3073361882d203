/**
 * What is in the {@code java.base} of a linked JDK beside Husk's floors: the start. Finds nothing
 * but {@code java.base} and them.
 */
@NullMarked
package dev.husk.image.guest;

import org.jspecify.annotations.NullMarked;

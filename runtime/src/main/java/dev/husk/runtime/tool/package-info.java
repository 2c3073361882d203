/** Where management tools and flight recordings come to a JVM, whichever groups are in. */
@NullMarked
package dev.husk.runtime.tool;

import org.jspecify.annotations.NullMarked;

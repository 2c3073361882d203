/** What the tests of A/B runs share. */
@NullMarked
package dev.husk.ab;

import org.jspecify.annotations.NullMarked;

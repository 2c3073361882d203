/** What the tests of all formats share: trees compared, tools run, parsers fuzzed. */
@NullMarked
package dev.husk.image.testing;

import org.jspecify.annotations.NullMarked;

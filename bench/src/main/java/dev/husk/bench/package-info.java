/** Benchmarks against named peers. */
@NullMarked
package dev.husk.bench;

import org.jspecify.annotations.NullMarked;

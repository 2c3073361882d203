/** The benchmarks: which programs are compared, what is measured of them, and the bars. */
@NullMarked
package dev.husk.bench.suite;

import org.jspecify.annotations.NullMarked;

/** Workloads of the Renaissance benchmark suite, which is not on Maven Central; MIT licence. */
@NullMarked
package dev.husk.bench.renaissance;

import org.jspecify.annotations.NullMarked;

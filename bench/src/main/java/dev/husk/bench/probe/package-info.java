/** Programs that run inside a measured JVM and print their figures as {@code metric} lines. */
@NullMarked
package dev.husk.bench.probe;

import org.jspecify.annotations.NullMarked;

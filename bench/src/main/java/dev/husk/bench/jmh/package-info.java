/** The probes' loops as JMH benchmarks, for a closer look at one of them. */
@NullMarked
package dev.husk.bench.jmh;

import org.jspecify.annotations.NullMarked;

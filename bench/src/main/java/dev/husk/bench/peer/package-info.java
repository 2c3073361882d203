/** Hand-written servers on Netty, the peers of the HTTP benchmarks. */
@NullMarked
package dev.husk.bench.peer;

import org.jspecify.annotations.NullMarked;

/** Sends requests, checks replies, measures latencies; in a process of its own. */
@NullMarked
package dev.husk.ab.load;

import org.jspecify.annotations.NullMarked;

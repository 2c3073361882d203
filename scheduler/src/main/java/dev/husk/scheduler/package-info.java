/** Carriers, run queues and the thread seams. */
@NullMarked
package dev.husk.scheduler;

import org.jspecify.annotations.NullMarked;

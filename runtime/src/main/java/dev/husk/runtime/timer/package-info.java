/** Timers without ticks: deadlines ordered so that the next one is known. */
@org.jspecify.annotations.NullMarked
package dev.husk.runtime.timer;

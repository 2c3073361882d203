/** Medians, intervals, tests and verdicts from the rounds of a run. */
@NullMarked
package dev.husk.ab.stats;

import org.jspecify.annotations.NullMarked;

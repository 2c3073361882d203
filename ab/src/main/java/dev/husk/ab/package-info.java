/**
 * A/B runs of one app on the stock JVM and on Husk. {@link dev.husk.ab.Experiment} says what is to
 * be run, {@link dev.husk.ab.Runner} runs it, {@link dev.husk.ab.Results} is what comes out. Below:
 * {@code host} starts the app in processes or containers, {@code load} sends requests and checks
 * replies, {@code measure} reads what the app used, {@code stats} compares, {@code report} writes,
 * {@code junit} is the extension for tests.
 */
@NullMarked
package dev.husk.ab;

import org.jspecify.annotations.NullMarked;

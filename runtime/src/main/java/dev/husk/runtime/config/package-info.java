/**
 * Husk's options: one parser for the agent's argument and for system properties.
 *
 * <p>The face of this package is {@link dev.husk.runtime.config.Options}. It is read while the JVM
 * starts, before anything of the app, so it uses nothing that would load much of {@code java.base}:
 * no lambdas, streams, regular expressions or formatters.
 */
@NullMarked
package dev.husk.runtime.config;

import org.jspecify.annotations.NullMarked;

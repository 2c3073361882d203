/** Husk's options: one parser for the agent's argument and for system properties. */
@NullMarked
package dev.husk.runtime.config;

import org.jspecify.annotations.NullMarked;

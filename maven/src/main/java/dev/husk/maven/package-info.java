/**
 * The Maven plugin: {@code husk:pack} and {@code husk:check}. Runs on whatever Java Maven runs on,
 * so it has no part in the packing: it puts a command line together and starts {@code BuildMain} of
 * the room {@code cli} in a JVM 25.
 */
@NullMarked
package dev.husk.maven;

import org.jspecify.annotations.NullMarked;

/**
 * Starts the app, in a process or a container, with one variant's additions, and ends it; starts
 * other commands as they are.
 */
@NullMarked
package dev.husk.ab.host;

import org.jspecify.annotations.NullMarked;

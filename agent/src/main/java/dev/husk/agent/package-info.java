/** The load-time driver: entry class, class loaders, husk.jar. */
@NullMarked
package dev.husk.agent;

import org.jspecify.annotations.NullMarked;

/**
 * What a pack is told: {@link dev.husk.image.config.PackOptions} of a command, and {@code
 * husk.toml} for those who want a file beside their app, make {@link
 * dev.husk.image.config.PackSettings}.
 */
@NullMarked
package dev.husk.image.config;

import org.jspecify.annotations.NullMarked;

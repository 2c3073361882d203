/** What stands in {@code husk.toml}, for those who want a file beside their app. */
@NullMarked
package dev.husk.image.config;

import org.jspecify.annotations.NullMarked;

/**
 * The link-time driver: an app, a private JVM with Husk's seams and a kernel become one image that
 * boots.
 */
@NullMarked
package dev.husk.image;

import org.jspecify.annotations.NullMarked;

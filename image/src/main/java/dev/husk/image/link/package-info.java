/**
 * The linker: a private JDK with the modules that an app needs, Husk's seams written into its
 * classes and Husk's runtime in its {@code java.base}.
 *
 * <p>{@link dev.husk.image.link.RuntimeLinker} is the way in. It runs {@code jlink} in a JVM of its
 * own ({@link dev.husk.image.link.JlinkMain}), with {@link dev.husk.image.link.SeamPlugin} between
 * the JDK's modules and the result.
 */
@NullMarked
package dev.husk.image.link;

import org.jspecify.annotations.NullMarked;

/**
 * What a user gives to be packed, understood: which files it consists of, where they lie in the
 * image, and how the JVM is started with them.
 *
 * <p>A {@link dev.husk.image.app.AppRequest} is what was asked for; {@link dev.husk.image.app.App}
 * is what comes of it. Nothing of the app is run.
 */
@NullMarked
package dev.husk.image.app;

import org.jspecify.annotations.NullMarked;

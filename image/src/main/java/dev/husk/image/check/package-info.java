/**
 * What can be said of an app before it boots: which modules of the JDK it needs and why, which
 * native code it brings and what that does behind Husk's back, and which of its calls an image
 * can't serve.
 *
 * <p>{@link dev.husk.image.check.Check} reads an {@link dev.husk.image.app.App} and makes a {@link
 * dev.husk.image.check.Report} of it. Class files are read, never loaded. What it finds is in the
 * code and need not be run.
 */
@NullMarked
package dev.husk.image.check;

import org.jspecify.annotations.NullMarked;

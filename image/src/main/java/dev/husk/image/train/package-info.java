/**
 * Training: the app runs once in its root file system, so that the JVM can write down what it loads
 * (the AOT cache). {@link dev.husk.image.train.Trainer} is the way in.
 */
@NullMarked
package dev.husk.image.train;

import org.jspecify.annotations.NullMarked;

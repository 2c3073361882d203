/**
 * The program that stands between the kernel and the JVM.
 *
 * <p>{@link dev.husk.image.init.InitProgram} is the guest's first process: it makes an {@link
 * dev.husk.image.init.InitPlan} come true, starts the JVM and stays to reap, to shut down in order
 * and to tell the host how the JVM ended, in the lines of {@link dev.husk.image.init.HostPort}. It
 * is written with the assembler of {@code dev.husk.image.asm}; its source reads from top to bottom
 * in the order in which it runs.
 */
@NullMarked
package dev.husk.image.init;

import org.jspecify.annotations.NullMarked;

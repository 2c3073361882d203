/**
 * The programs that stand between the firmware, the kernel and the JVM.
 *
 * <p>{@link dev.husk.image.init.InitProgram} is the guest's first process: it makes an {@link
 * dev.husk.image.init.InitPlan} come true, starts the JVM and stays to reap, to shut down in order
 * and to tell the host how the JVM ended, in the lines of {@link dev.husk.image.init.HostPort}.
 * {@link dev.husk.image.init.EfiStub} starts a kernel that lies in the same file as itself. Both
 * are written with the assembler of {@code dev.husk.image.asm}; their source reads from top to
 * bottom in the order in which it runs.
 */
@NullMarked
package dev.husk.image.init;

import org.jspecify.annotations.NullMarked;

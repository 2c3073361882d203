/**
 * What an app uses of the machine while it is loaded. {@link dev.husk.ab.measure.Sampler} reads
 * {@code /proc} and the JVM's log of garbage collection, {@link dev.husk.ab.measure.ThreadSwitches}
 * is one look at context switches, {@link dev.husk.ab.measure.SystemCalls} counts with perf or
 * strace, {@link dev.husk.ab.measure.Environment} describes the machine.
 */
@NullMarked
package dev.husk.ab.measure;

import org.jspecify.annotations.NullMarked;

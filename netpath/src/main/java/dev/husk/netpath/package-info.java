/**
 * Sockets in the process: what serves a descriptor in place of the kernel, and the seams that lead
 * there.
 *
 * <p>A connection's way: {@link dev.husk.netpath.NetSeams} stands where the JDK would call the
 * kernel; {@code Loopback} decides whether a connect stays in the process, {@code Listener} is the
 * listening side of both worlds, two {@code Stream}s are the ends of a connection, and a {@code
 * StreamRing} is one direction of it, and the whole of a pipe from {@code PipeSink} to {@code
 * PipeSource}. {@code EventQueue} is what a selector waits on, {@link dev.husk.netpath.EpollSeams}
 * leads there.
 */
@NullMarked
package dev.husk.netpath;

import org.jspecify.annotations.NullMarked;

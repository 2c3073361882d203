/**
 * Sends requests, checks replies, measures latencies; in a process of its own.
 *
 * <p>{@link dev.husk.ab.load.Loads} makes loads from options: HTTP, TCP echo and JDBC. {@link
 * dev.husk.ab.load.CommandLoad} runs a load tool and picks figures from what it prints.
 *
 * <p>Inside, this process has one {@code Driver} per load, the handle of a child JVM that runs
 * {@code DriverMain}. There a {@code SocketEngine} has {@code Loop}s, one thread and selector each,
 * and an {@code Exchange} per connection that knows the protocol; {@code JdbcEngine} is its sibling
 * for blocking clients. A {@code Lesson} in this process is what is known of correct replies.
 */
@NullMarked
package dev.husk.ab.load;

import org.jspecify.annotations.NullMarked;

/**
 * Lock-free queues where the JDK's and JCTools' don't fit: loadable by the boot loader, without
 * {@code sun.misc.Unsafe}. The name is the contract: single or many producers, single or many
 * consumers.
 */
@org.jspecify.annotations.NullMarked
package dev.husk.runtime.queue;

/**
 * Off-heap memory: what direct buffers, arenas and {@code Unsafe} get is from here.
 *
 * <p>What happens to an allocation. {@code MemorySeams} are where the JDK asked the C library.
 * {@code Allocator} finds the calling carrier's heap ({@code Tenure}) and the block's {@code
 * SizeClasses size class}, and the {@code Heap} takes a block from a {@code Slab} of that class: an
 * index from an array, no lock, no atomic operation. A heap that has no slab left gets a {@code
 * PageRun} from the {@code PageLayer}, which all heaps share and which has its memory from the
 * {@code Kernel}. A block of more than 256 KB is a {@code LargeBlock}, with a run to itself.
 *
 * <p>What happens to a free. The {@code PageMap} leads from the address to the slab. If its heap is
 * the caller's, the block goes back to the slab's list; else it goes to the slab's remote list by a
 * compare-and-set, from where the heap's holder takes all there are when it runs out. An address
 * that the map doesn't know is the C library's.
 *
 * <p>What happens to unused memory. Empty slabs go back to the page layer; the {@code Reclaimer}
 * gives the kernel what has lain there for a second, and takes heaps whose holders are idle from
 * them, to look through. It does so at once when the kernel tells of {@code Pressure}, or when more
 * is to be mapped and the {@code Cgroup}'s limit is near.
 *
 * <p>Where pages come from. {@code Region}s are private mappings, of {@code HugePages} once a
 * process uses much, or parts of one {@code SharedFile}. What the JDK has no natives for, {@code
 * MemoryCalls} has from the C library; nobody needs it who uses little.
 *
 * <p>What happens to a direct buffer. {@code Limit} reserves its capacity, from credit that each
 * heap takes ahead; the slab holds its cleaner ({@code CleanerSeams}).
 *
 * <p>The lists of free blocks lie on the Java heap, not in the blocks: freed memory can go back to
 * the kernel, and a program that writes to it, or frees it twice, doesn't break the allocator.
 */
@NullMarked
package dev.husk.allocator;

import org.jspecify.annotations.NullMarked;

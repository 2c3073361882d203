/**
 * What every benchmark measures with: a variant's command line, and from {@code dev.husk.ab} child
 * processes, loads and the kernel's accounts.
 */
@NullMarked
package dev.husk.bench.measure;

import org.jspecify.annotations.NullMarked;

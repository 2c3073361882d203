/** What every benchmark measures with: child JVMs, load, CPU accounting, statistics, the table. */
@NullMarked
package dev.husk.bench.measure;

import org.jspecify.annotations.NullMarked;

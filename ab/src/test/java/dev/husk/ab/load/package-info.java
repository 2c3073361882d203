/** Tests of the loads: the engine in this process, and the driver as a process. */
@NullMarked
package dev.husk.ab.load;

import org.jspecify.annotations.NullMarked;

package dev.husk.allocator;

import dev.husk.runtime.StressRun;

/** This module's stress tests. */
final class StressTest extends StressRun {}

package dev.husk.scheduler;

import dev.husk.runtime.StressRun;

/** This module's stress tests. */
final class StressTest extends StressRun {}

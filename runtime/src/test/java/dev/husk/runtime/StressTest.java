package dev.husk.runtime;

/** This module's stress tests. */
final class StressTest extends StressRun {}

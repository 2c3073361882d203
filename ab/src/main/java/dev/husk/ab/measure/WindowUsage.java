package dev.husk.ab.measure;

/**
 * What an app used while a window was open; NaN for what can't be known.
 *
 * @param cpuSeconds user and system time of all its processes
 * @param voluntarySwitches how often its threads blocked
 * @param involuntarySwitches how often they were preempted
 * @param rssPeakMegabytes the most that was resident, in 2^20 bytes
 * @param heapPeakMegabytes the most that was resident of the Java heap
 * @param offHeapPeakMegabytes the most that was resident outside of it
 * @param gcPauseSumMillis sum of the pauses of garbage collection
 * @param gcPauseLongestMillis the longest of them, 0 without one
 * @param loopbackBytes bytes that went over the loopback device
 * @param otherCpu part of the machine's CPU time, 0 to 1, that neither the app nor the driver had
 *     and that wasn't idle: other processes, and what the host took
 */
public record WindowUsage(
    double cpuSeconds,
    double voluntarySwitches,
    double involuntarySwitches,
    double rssPeakMegabytes,
    double heapPeakMegabytes,
    double offHeapPeakMegabytes,
    double gcPauseSumMillis,
    double gcPauseLongestMillis,
    double loopbackBytes,
    double otherCpu) {}

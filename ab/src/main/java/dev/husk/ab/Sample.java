package dev.husk.ab;

/**
 * The app's use of the machine at one moment of a round.
 *
 * @param seconds since the app was started
 * @param cores processors that it kept busy since the sample before
 * @param rssMegabytes resident memory, in 2^20 bytes
 */
public record Sample(double seconds, double cores, double rssMegabytes) {}

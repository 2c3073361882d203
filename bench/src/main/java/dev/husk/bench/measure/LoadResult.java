package dev.husk.bench.measure;

/**
 * What a load saw.
 *
 * @param requests correct replies
 * @param seconds how long it lasted
 * @param p50Micros median latency
 * @param p99Micros 99 % of the latencies are at most this
 * @param p999Micros 99.9 % of the latencies are at most this
 */
public record LoadResult(
    double requests, double seconds, double p50Micros, double p99Micros, double p999Micros) {}

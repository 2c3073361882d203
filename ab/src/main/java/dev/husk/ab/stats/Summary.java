package dev.husk.ab.stats;

import java.util.List;

/**
 * One variant's rounds in one figure.
 *
 * @param variant its name
 * @param figure its id
 * @param rounds the values, in the order of rounds
 * @param median of them; NaN for none
 * @param interval bootstrap confidence interval of the median
 */
public record Summary(
    String variant, String figure, List<Double> rounds, double median, Interval interval) {}

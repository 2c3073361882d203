/**
 * Writes what a run found: {@link dev.husk.ab.report.ResultsJson} for programs, {@link
 * dev.husk.ab.report.TextTable} for a terminal, {@link dev.husk.ab.report.HtmlReport} for people.
 * The charts of the latter are SVG that is drawn here: scales, axes, and three kinds of charts.
 */
@NullMarked
package dev.husk.ab.report;

import org.jspecify.annotations.NullMarked;

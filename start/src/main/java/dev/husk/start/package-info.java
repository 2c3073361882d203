/**
 * What the load-time driver and the link-time driver do alike: {@link dev.husk.start.Startup} is
 * the order of a start, {@link dev.husk.start.Groups} which groups of seams are in, and a {@link
 * dev.husk.start.Reporter} takes what they tell to the JDK's management and flight recorder.
 *
 * <p>The agent has these classes in its private loader, a linked JDK in {@code java.base}. Those
 * that name {@code java.management} or {@code jdk.jfr} are loaded when the app, or a tool, has come
 * to these itself.
 */
@NullMarked
package dev.husk.start;

import org.jspecify.annotations.NullMarked;

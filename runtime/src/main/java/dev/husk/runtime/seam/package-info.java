/**
 * How a method says which call of the JDK it replaces.
 *
 * <p>A seam is declared beside the code that serves it, with {@link
 * dev.husk.runtime.seam.Replaces}; there is no other list of rules. The build collects the
 * annotations into one index, and the rewriter works from that.
 */
package dev.husk.runtime.seam;

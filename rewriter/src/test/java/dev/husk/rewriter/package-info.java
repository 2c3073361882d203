/** Tests of the rewriter; {@link dev.husk.rewriter.RewriterTiming} measures it. */
package dev.husk.rewriter;

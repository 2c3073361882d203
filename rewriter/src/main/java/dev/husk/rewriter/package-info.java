/**
 * The transformer: a pure function from class file to class file, driven by the seam index.
 *
 * <p>At build time {@link dev.husk.rewriter.SeamIndexer} reads the annotated methods and writes the
 * index. At run time a driver reads the index into a {@link dev.husk.rewriter.SeamTable}, asks
 * {@link dev.husk.rewriter.GroupCheck} which groups fit the JDK, and hands classes to a {@link
 * dev.husk.rewriter.Rewriter}. What seams do is unknown here.
 *
 * <p>The indexer reads class files with ASM. The rewriter doesn't: loading and warming ASM would
 * cost a starting JVM more than all the rewriting does.
 */
@NullMarked
package dev.husk.rewriter;

import org.jspecify.annotations.NullMarked;

/** The transformer: a pure function from class file to class file, driven by the seam index. */
@NullMarked
package dev.husk.rewriter;

import org.jspecify.annotations.NullMarked;

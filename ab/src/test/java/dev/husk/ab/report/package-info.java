/** Tests of {@code report}. */
@NullMarked
package dev.husk.ab.report;

import org.jspecify.annotations.NullMarked;

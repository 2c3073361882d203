/** Tomcat as Maven Central has it, with a blocking servlet. */
@NullMarked
package dev.husk.examples.tomcat;

import org.jspecify.annotations.NullMarked;

/** A JUnit 5 extension: assert in a project's own tests that Husk isn't slower on its app. */
@NullMarked
package dev.husk.ab.junit;

import org.jspecify.annotations.NullMarked;

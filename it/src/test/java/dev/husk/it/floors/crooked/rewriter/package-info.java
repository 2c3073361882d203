/** A room that looks at its neighbour, to be noticed by the floors' test. */
package dev.husk.it.floors.crooked.rewriter;

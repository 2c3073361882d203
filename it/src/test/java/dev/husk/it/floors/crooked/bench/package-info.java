/** A part of the garden that does nothing wrong. */
package dev.husk.it.floors.crooked.bench;

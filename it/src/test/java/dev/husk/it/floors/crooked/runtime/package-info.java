/** A ground floor that looks upwards, to be noticed by the floors' test. */
package dev.husk.it.floors.crooked.runtime;

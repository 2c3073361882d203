/** A room that uses more than the boot loader has, to be noticed by the floors' test. */
package dev.husk.it.floors.crooked.scheduler;

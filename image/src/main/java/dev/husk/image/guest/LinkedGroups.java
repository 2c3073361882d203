package dev.husk.image.guest;

import dev.husk.start.Groups;

/**
 * Which groups of seams are linked in: all, unless the JDK lacked call sites. The linker then
 * writes {@code false} into the method that has the group's name.
 */
final class LinkedGroups {
  private LinkedGroups() {}

  /** Those that are linked in. */
  static Groups get() {
    return new Groups(threads(), sockets(), memory());
  }

  private static boolean threads() {
    return true;
  }

  private static boolean sockets() {
    return true;
  }

  private static boolean memory() {
    return true;
  }
}

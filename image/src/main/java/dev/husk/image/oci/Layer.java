package dev.husk.image.oci;

import dev.husk.image.tree.FileTree;

/**
 * Files that change together, and so travel together.
 *
 * @param name what they are, for people: it stands in the image's history
 * @param files their tree; device nodes stay out of an image, since the engine makes those
 * @param owner the number of the user that all of it belongs to
 * @param group the number of the group
 */
public record Layer(String name, FileTree files, int owner, int group) {

  /** A layer that belongs to root. */
  public Layer(String name, FileTree files) {
    this(name, files, 0, 0);
  }
}

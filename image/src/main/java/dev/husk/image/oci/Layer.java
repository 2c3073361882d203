package dev.husk.image.oci;

import dev.husk.image.tree.FileTree;

/**
 * Files that change together, and so travel together.
 *
 * @param name what they are, for people: it stands in the image's history
 * @param files their tree; device nodes stay out of an image, since the engine makes those
 * @param owner the number of the user and of the group that all of it belongs to
 */
public record Layer(String name, FileTree files, int owner) {

  /** A layer that belongs to root. */
  public Layer(String name, FileTree files) {
    this(name, files, 0);
  }
}

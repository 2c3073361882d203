package dev.husk.image.pack;

/** Told how far the packing is, for people. */
public interface Progress {

  /** A step begins; the one before it is done. */
  void step(String what);

  /** Something that the user should know. */
  void note(String line);
}

package dev.husk.allocator;

/** Is shown watches of blocks in use. */
interface WatchVisitor {
  void visit(Watch watch);
}

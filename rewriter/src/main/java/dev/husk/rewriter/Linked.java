package dev.husk.rewriter;

import java.util.List;

/** A class of a JDK that is being linked. */
public final class Linked {
  private final byte[] classFile;
  private final List<Gate> gates;

  Linked(byte[] classFile, List<Gate> gates) {
    this.classFile = classFile;
    this.gates = List.copyOf(gates);
  }

  /** The new class file. */
  public byte[] classFile() {
    return classFile;
  }

  /** Methods that the new class file calls and doesn't have yet. */
  public List<Gate> gates() {
    return gates;
  }
}
